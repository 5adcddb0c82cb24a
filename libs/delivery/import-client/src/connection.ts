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
}

/** In all about five minutes without an answer. */
const ATTEMPTS = 40;
const DELAYS = { firstDelayMs: 200, maxDelayMs: 10_000 };
const REQUEST_MS = 60_000;
const LONGEST_WAIT_MS = 60_000;

/**
 * Sends one request until it is answered: waits as told by 429 and 503, and with growing pauses while there is no answer.
 * Every request of an import may be repeated, since what it carries has ids of its own.
 * @throws ImportRefused for any other answer than 2xx
 */
export async function send(target: ImportTarget, request: ImportRequest): Promise<ImportAnswer> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await attemptOnce(target, request);
    if ('answer' in outcome) return outcome.answer;
    if (attempt >= ATTEMPTS) {
      throw new ImportRefused(`${target.url} did not take the import for too long: ${outcome.reason}`, null);
    }
    const ms = outcome.waitMs ?? backoffDelay(DELAYS, attempt, target.random);
    target.onWait?.({ reason: outcome.reason, ms });
    await target.clock.sleep(ms, target.signal);
  }
}

type Outcome = { readonly answer: ImportAnswer } | { readonly reason: string; readonly waitMs: number | null };

async function attemptOnce(target: ImportTarget, request: ImportRequest): Promise<Outcome> {
  let response: Response;
  let body: unknown;
  try {
    response = await (target.fetch ?? fetch)(new URL(request.path, target.url), toInit(target, request));
    body = parse(await response.text());
  } catch (error) {
    target.signal?.throwIfAborted();
    return { reason: reasonOf(error), waitMs: null };
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
  if (response.status === 429 || response.status === 503) return { reason, waitMs: waitOf(response) };
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
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (cause instanceof AggregateError) return reasonOf(cause.errors[0]);
  return cause instanceof Error ? cause.message : String(cause);
}
