import { backoffDelay, type Clock } from '@productgraph/kernel';

/** Where an import goes. */
export interface ImportTarget {
  /** The server, e.g. http://localhost:8080. */
  readonly url: string;
  /** A secret key (pgs_…). */
  readonly key: string;
  readonly clock: Clock;
  /** 0 inclusive to 1 exclusive. */
  readonly random: () => number;
  readonly signal?: AbortSignal;
  /** Told before each pause. */
  readonly onWait?: (wait: { readonly reason: string; readonly ms: number }) => void;
  /** The HTTP client; by default Node's. */
  readonly fetch?: typeof fetch;
}

/** The server refused the import as a whole, or was away for too long; the message is a sentence for people. */
export class ImportRefused extends Error {
  override readonly name = 'ImportRefused';
  /** Error code of the answer; null when there was none. */
  readonly code: string | null;

  constructor(message: string, code: string | null) {
    super(message);
    this.code = code;
  }
}

/** An answer body, already read. */
export interface ImportAnswer {
  readonly status: number;
  readonly body: unknown;
}

export interface ImportRequest {
  readonly method: 'GET' | 'POST';
  /** With its query. */
  readonly path: string;
  readonly contentType?: string;
  readonly body?: string;
  /** Nothing has been heard of the server yet: one that is not there is told of at once, not after minutes of retries. */
  readonly isFirst?: boolean;
}

/** In all about five minutes without an answer. */
const ATTEMPTS = 40;
const DELAYS = { firstDelayMs: 200, maxDelayMs: 10_000 };
const REQUEST_MS = 60_000;
/** How long a server may be silent that was never heard of, unless nothing listens at all. */
const FIRST_MS = 5_000;
const LONGEST_WAIT_MS = 60_000;

/**
 * Sends one request until it is answered: waits as told by 429 and 503, and with growing pauses while there is no answer.
 * Every request of an import may be repeated, since what it carries has ids of its own.
 * @throws ImportRefused for any other answer than 2xx, or when the first request of all finds no server
 */
export async function send(target: ImportTarget, request: ImportRequest): Promise<ImportAnswer> {
  const began = target.clock.now();
  let heard = request.isFirst !== true;
  for (let attempt = 1; ; attempt++) {
    const outcome = await attemptOnce(target, request);
    if ('answer' in outcome) return outcome.answer;
    heard ||= outcome.code === 'answered';
    if (!heard && (outcome.code === 'ECONNREFUSED' || target.clock.now() - began >= FIRST_MS)) {
      throw new ImportRefused(
        `No server answers at ${target.url} (${outcome.reason}): start it or name another one.`,
        null,
      );
    }
    if (attempt >= ATTEMPTS) {
      throw new ImportRefused(`${target.url} did not take the import for too long: ${outcome.reason}`, null);
    }
    const ms = outcome.waitMs ?? backoffDelay(DELAYS, attempt, target.random);
    target.onWait?.({ reason: outcome.reason, ms });
    await target.clock.sleep(ms, target.signal);
  }
}

interface Unanswered {
  readonly reason: string;
  /** `answered`: the server is there and asks to wait; else the system's code, where it has one. */
  readonly code: string | null;
  readonly waitMs: number | null;
}

type Outcome = { readonly answer: ImportAnswer } | Unanswered;

async function attemptOnce(target: ImportTarget, request: ImportRequest): Promise<Outcome> {
  let response: Response;
  let body: unknown;
  try {
    response = await (target.fetch ?? fetch)(new URL(request.path, target.url), toInit(target, request));
    body = parse(await response.text());
  } catch (error) {
    target.signal?.throwIfAborted();
    const { message, code } = causeOf(error);
    return { reason: message, code, waitMs: null };
  }
  if (response.ok) return { answer: { status: response.status, body } };
  return judge(target, response, errorOf(body));
}

function toInit({ key, signal }: ImportTarget, { method, contentType, body }: ImportRequest): RequestInit {
  const timeout = AbortSignal.timeout(REQUEST_MS);
  return {
    method,
    headers: { 'x-pg-api-key': key, ...(contentType !== undefined && { 'content-type': contentType }) },
    ...(body !== undefined && { body }),
    signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
  };
}

function judge({ url }: ImportTarget, response: Response, { code, message }: ReturnType<typeof errorOf>): Outcome {
  const reason = message ?? `status ${response.status}`;
  if (response.status === 429 || response.status === 503) return { reason, code: 'answered', waitMs: waitOf(response) };
  throw new ImportRefused(`${url} refused the import: ${reason}`, code);
}

function waitOf(response: Response): number | null {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) ? Math.min(seconds * 1000, LONGEST_WAIT_MS) : null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not one of our answers (a proxy's page, say): the status alone speaks.
    return null;
  }
}

function errorOf(body: unknown): { code: string | null; message: string | null } {
  const { error } = (body ?? {}) as { error?: { code?: unknown; message?: unknown } };
  return {
    code: typeof error?.code === 'string' ? error.code : null,
    message: typeof error?.message === 'string' ? error.message : null,
  };
}

/** `fetch failed` says nothing; its cause does. */
function causeOf(error: unknown): { readonly message: string; readonly code: string | null } {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (cause instanceof AggregateError) return causeOf(cause.errors[0]);
  if (!(cause instanceof Error)) return { message: String(cause), code: null };
  const { code } = cause as NodeJS.ErrnoException;
  return { message: cause.message, code: code ?? null };
}
