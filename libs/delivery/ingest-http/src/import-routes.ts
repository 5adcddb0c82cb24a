import type { Project } from '@productgraph/domain-tenant';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RequestRefused } from './fault.ts';
import { answerRefusal, bodyOf, JSON_TYPE, toIngestRequest } from './http.ts';
import type { Ingest } from './ingest.ts';
import type { UnreadableLine } from './unreadable.ts';

/** Sums of the ledger over minutes of receipt. */
export interface ImportCounts {
  readonly accepted: number;
  readonly stored: number;
  readonly duplicate: number;
  readonly rejected: number;
  readonly quarantinedLater: number;
}

/** What an import asks for besides sending events. */
export interface ImportDesk {
  /** The project's counts since a time of receipt, Unix ms. */
  counts(project: Project, from: number): Promise<ImportCounts>;
  /** Asks for settlement of what was received in [from, to), Unix ms. */
  settle(project: Project, span: { readonly from: number; readonly to: number }): Promise<void>;
}

const MAX_UNREADABLE = 1_000;
/** Later times would not fit the ledger's minutes. */
const LATEST = Date.UTC(2200, 0, 1);
const malformed = (message: string): RequestRefused => new RequestRefused('malformed_body', { message });

function jsonBody(request: FastifyRequest): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(bodyOf(request).toString('utf8'));
    if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
  } catch {
    // Told below, as for any other body that is no object.
  }
  throw malformed('The body is not a JSON object.');
}

function isUnreadableLine(value: unknown): value is UnreadableLine {
  const { line, text, message } = (value ?? {}) as Record<string, unknown>;
  return Number.isSafeInteger(line) && typeof text === 'string' && typeof message === 'string';
}

function unreadableLines(body: Readonly<Record<string, unknown>>): {
  source: string;
  lines: readonly UnreadableLine[];
} {
  const { source, lines } = body;
  if (
    typeof source !== 'string' ||
    !Array.isArray(lines) ||
    lines.length > MAX_UNREADABLE ||
    !lines.every(isUnreadableLine)
  ) {
    throw malformed(`Needed are source and at most ${MAX_UNREADABLE} lines, each with line, text and message.`);
  }
  return { source: source.slice(0, 500), lines };
}

function timeOf(value: unknown, name: string): number {
  const time = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof time !== 'number' || !Number.isSafeInteger(time) || time < 0 || time > LATEST) {
    throw new RequestRefused('invalid_request', { message: `${name} is not a time in Unix milliseconds.` });
  }
  return time;
}

/** Routes of importing tools; all need a secret key. */
export function registerImport(scope: FastifyInstance, { ingest, desk }: { ingest: Ingest; desk: ImportDesk }): void {
  const route =
    (work: (request: FastifyRequest) => Promise<unknown>) =>
    async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      try {
        const answer = await work(request);
        void reply.code(200).header('content-type', JSON_TYPE).send(JSON.stringify(answer));
      } catch (error) {
        answerRefusal(request, reply, error);
      }
      return reply;
    };
  scope.post(
    '/v1/import/unreadable',
    route(async (request) => {
      const asked = toIngestRequest(request, bodyOf(request));
      // Strangers do not get as far as having their body parsed.
      await ingest.secretProject(asked.key);
      const { source, lines } = unreadableLines(jsonBody(request));
      await ingest.unreadable(asked, source, lines);
      return { quarantined: lines.length };
    }),
  );
  scope.get(
    '/v1/import/counts',
    route(async (request) => {
      const { key, query } = toIngestRequest(request, bodyOf(request));
      const project = await ingest.secretProject(key);
      return desk.counts(project, timeOf(query.get('from'), 'from'));
    }),
  );
  scope.post(
    '/v1/import/finish',
    route(async (request) => {
      const project = await ingest.secretProject(toIngestRequest(request, bodyOf(request)).key);
      const body = jsonBody(request);
      const span = { from: timeOf(body.received_from, 'received_from'), to: timeOf(body.received_to, 'received_to') };
      if (span.from > span.to) {
        throw new RequestRefused('invalid_request', { message: 'received_from is later than received_to.' });
      }
      await desk.settle(project, span);
      return { settling: span };
    }),
  );
}
