import { INGEST_LIMITS, type ErrorCode, type IngestAnswer, type QuarantineEntry } from '@productgraph/contracts';
import {
  createBotCheck,
  decodeBody,
  parseTimestamp,
  type BodyRules,
  type DecodedBody,
} from '@productgraph/domain-event';
import {
  effectiveLimits,
  keyAllows,
  keyStatus,
  originAllowed,
  retentionCutoff,
  type KeyDirectory,
  type Project,
  type ResolvedKey,
  type SharedRates,
} from '@productgraph/domain-tenant';
import { LogUnavailable, type Clock, type LogIntake } from '@productgraph/kernel';
import type { IngestFacts } from '@productgraph/platform-telemetry';
import { createDecompress } from './decompress.ts';
import { RequestRefused } from './fault.ts';
import type { AppendGroup } from './append-group.ts';
import { IdSet } from './id-set.ts';
import { judgeEvents, type Judgement } from './judge.ts';
import { createKeyCache, type KeyCache } from './key-cache.ts';
import type { RequestOrigin } from './open-record.ts';
import { createPacker, type Packer } from './packer.ts';
import { unreadableEntry, type UnreadableLine } from './unreadable.ts';
import { createQuotaGate, type QuotaGate, type UsageReader } from './quota.ts';

export interface IngestDeps {
  readonly log: LogIntake;
  readonly keys: KeyDirectory;
  readonly usage: UsageReader;
  /** Rates that processes share; while they cannot be reached each process has its own. Default: one process. */
  readonly rates?: SharedRates;
  readonly clock: Clock;
  readonly facts: IngestFacts;
  /** Names this process in log records. */
  readonly producer: string;
  /** Set by benchmarks only, see PackerOptions.pack. */
  readonly pack?: (ndjson: Uint8Array) => Uint8Array;
  /** Bodies in hand, at most, bytes: beyond it requests get 503. Default 128 MB. */
  readonly maxBytesInHand?: number;
}

/** One request as the HTTP routes hand it over. */
export interface IngestRequest {
  readonly body: Buffer;
  readonly key: string | null;
  readonly origin: string | null;
  readonly contentType: string | undefined;
  readonly encoding: string | undefined;
  /** `?historical=` and `?sent_at=` of arrays and NDJSON. */
  readonly query: URLSearchParams;
  readonly requestId: string;
  readonly traceparent: string | undefined;
}

/** Taking events, apart from HTTP. Every verb throws {@link RequestRefused} for a whole-request fault. */
export interface Ingest {
  /** Resolves when everything accepted and refused is durably in the log. */
  events(request: IngestRequest): Promise<IngestAnswer>;
  /** Keeps unreadable lines of a file in quarantine. Needs a secret key. */
  unreadable(
    request: Credentials & { readonly requestId: string },
    source: string,
    lines: readonly UnreadableLine[],
  ): Promise<void>;
  /** The project that a secret key opens. */
  secretProject(key: string | null): Promise<Project>;
  /**
   * Sends the payloads of quarantine entries through ingestion again, as historical events received now. What is refused again
   * becomes a new entry.
   * @throws LogUnavailable when the event log cannot take them
   */
  replay(entries: readonly QuarantineEntry[]): Promise<ReplayOutcome>;
  readonly keyCache: KeyCache;
}

/** Result of a replay; `errors` has one item per refused entry, by the entry's id. */
export interface ReplayOutcome {
  readonly accepted: number;
  readonly rejected: number;
  readonly errors: readonly { readonly id: string; readonly code: ErrorCode; readonly message: string }[];
}

type Credentials = Pick<IngestRequest, 'key' | 'origin'>;

interface Sender {
  readonly project: Project;
  readonly mayBeHistorical: boolean;
}

const DEFAULT_BYTES_IN_HAND = 128 * 1024 * 1024;
const RETRY_SECONDS = 1;
const unavailable = (message?: string): RequestRefused =>
  new RequestRefused('unavailable', { retryAfterSeconds: RETRY_SECONDS, ...(message !== undefined && { message }) });

class IngestDesk implements Ingest {
  readonly keyCache: KeyCache;
  readonly #deps: IngestDeps;
  readonly #quota: QuotaGate;
  readonly #packer: Packer;
  readonly #isBot = createBotCheck();
  readonly #seen = new IdSet();
  readonly #decompress = createDecompress();
  readonly #maxBytes: number;
  #bytesInHand = 0;
  #partitions = 0;

  constructor(deps: IngestDeps) {
    this.#deps = deps;
    const { keys, clock, facts, usage, rates } = deps;
    this.keyCache = createKeyCache({ keys, clock, onResolved: (fact) => facts.keyResolved(fact) });
    const onRatesLost = (error: unknown): void => facts.ratesLost({ error });
    this.#quota = createQuotaGate({ usage, clock, ...(rates !== undefined && { rates }), onRatesLost });
    this.#packer = createPacker(deps);
    this.#maxBytes = deps.maxBytesInHand ?? DEFAULT_BYTES_IN_HAND;
  }

  async events(request: IngestRequest): Promise<IngestAnswer> {
    const known = this.#sender(request);
    const sender = known instanceof Promise ? await known : known;
    let held = this.#hold(request.body.length);
    try {
      const limits = effectiveLimits(sender.project);
      const plain = this.#decompress(request.body, request.encoding, limits.bodyBytes);
      const body = plain instanceof Promise ? await plain : plain;
      // What was compressed is held as well until the log has the events: bombs count by what they become.
      if (body !== request.body) held += this.#hold(body.length);
      return await this.#take(request, { body, limits, ...sender });
    } finally {
      this.#bytesInHand -= held;
    }
  }

  /** Counts bytes that stay in memory until a request is done. @throws RequestRefused unavailable when there are too many */
  #hold(bytes: number): number {
    if (this.#bytesInHand + bytes > this.#maxBytes) throw unavailable('Too many events are on their way into the log.');
    this.#bytesInHand += bytes;
    return bytes;
  }

  async unreadable(
    request: Credentials & { readonly requestId: string },
    source: string,
    lines: readonly UnreadableLine[],
  ): Promise<void> {
    const { project, mayBeHistorical } = await this.#sender(request);
    if (!mayBeHistorical) throw new RequestRefused('forbidden');
    const receivedAt = this.#deps.clock.now();
    const entries = lines.map((line) => unreadableEntry(line, { project, source, receivedAt }));
    const partitions = await this.#partitionCount().catch(storeFault);
    const origin = { projectId: project.id, receivedAt, sentAt: null, traceparent: undefined };
    await this.#append((group) => group.refuse(entries, origin, spread(source, partitions)));
  }

  async secretProject(key: string | null): Promise<Project> {
    const { project, mayBeHistorical } = await this.#sender({ key, origin: null });
    if (!mayBeHistorical) throw new RequestRefused('forbidden');
    return project;
  }

  async replay(entries: readonly QuarantineEntry[]): Promise<ReplayOutcome> {
    const outcomes: ReplayOutcome[] = [];
    for (const [projectId, members] of Map.groupBy(entries, (entry) => entry.projectId)) {
      outcomes.push(await this.#replayProject(projectId, members));
    }
    return {
      accepted: outcomes.reduce((sum, { accepted }) => sum + accepted, 0),
      rejected: outcomes.reduce((sum, { rejected }) => sum + rejected, 0),
      errors: outcomes.flatMap(({ errors }) => errors),
    };
  }

  async #replayProject(projectId: string, entries: readonly QuarantineEntry[]): Promise<ReplayOutcome> {
    const body = Buffer.from(entries.map(({ payload }) => onLine(payload)).join('\n'));
    const limits = { ...INGEST_LIMITS, events: entries.length };
    const decoded = decodeBody(body, { limits, isBot: this.#isBot, contentType: 'application/x-ndjson' });
    if (!decoded.ok) throw new Error(`Replay: ${decoded.message}`);
    const partitions = await this.#partitionCount();
    const receivedAt = this.#deps.clock.now();
    const times = { receivedAt, sentAt: null, historical: true, oldest: null };
    const context = { projectId, partitions, times, requestId: 'replay', traceparent: undefined, seen: this.#seen };
    const judgement = judgeEvents(body, decoded.events, context);
    const { answer } = judgement;
    const origin = { projectId, receivedAt, sentAt: null, traceparent: undefined };
    await this.#packer.add((group) => fill(group, judgement, { origin, partition: spread(projectId, partitions) }));
    this.#tell(answer);
    const errors = answer.errors.map(({ index, code, message }) => ({ id: entries[index]?.id ?? '', code, message }));
    return { accepted: answer.accepted + (answer.duplicate ?? 0), rejected: answer.rejected, errors };
  }

  /** Who sends: the project that the key opens for sending. At once when the key is in the cache. */
  #sender({ key, origin }: Credentials): Sender | Promise<Sender> {
    if (key === null) throw new RequestRefused('missing_key');
    const known = this.keyCache.resolve(key);
    if (!(known instanceof Promise)) return senderOf(known, origin);
    return known.catch(storeFault).then((resolved) => senderOf(resolved, origin));
  }

  async #take(
    request: IngestRequest,
    { project, mayBeHistorical, body, limits }: Sender & Pick<BodyRules, 'limits'> & { readonly body: Buffer },
  ): Promise<IngestAnswer> {
    const decoded = decodeBody(body, { limits, isBot: this.#isBot, contentType: request.contentType });
    if (!decoded.ok) throw new RequestRefused(decoded.code, { message: `${decoded.message}.` });
    const historical = isHistorical(request, decoded);
    if (historical && !mayBeHistorical) throw new RequestRefused('historical_not_allowed');
    await this.#quota.take(project, decoded.events.length)?.catch(storeFault);
    const partitions = this.#partitions > 0 ? this.#partitions : await this.#partitionCount().catch(storeFault);
    const receivedAt = this.#deps.clock.now();
    const times = {
      receivedAt,
      sentAt: sentAtOf(request, decoded),
      historical,
      oldest: retentionCutoff(project, receivedAt),
    };
    const { requestId, traceparent } = request;
    const context = { projectId: project.id, partitions, times, requestId, traceparent, seen: this.#seen };
    const judgement = judgeEvents(body, decoded.events, context);
    const { answer } = judgement;
    const origin = { projectId: project.id, receivedAt, sentAt: times.sentAt, traceparent };
    if (decoded.events.length > 0) {
      await this.#append((group) => fill(group, judgement, { origin, partition: spread(requestId, partitions) }));
    }
    this.#tell(answer);
    return answer;
  }

  async #partitionCount(): Promise<number> {
    const { partitions } = await this.#deps.log.topic('events');
    this.#partitions = partitions;
    return partitions;
  }

  async #append(add: (group: AppendGroup) => void): Promise<void> {
    try {
      await this.#packer.add(add);
    } catch (error) {
      if (error instanceof LogUnavailable) throw unavailable();
      throw error;
    }
  }

  #tell({ accepted, rejected, duplicate = 0, errors }: IngestAnswer): void {
    const { facts } = this.#deps;
    facts.eventsJudged({ accepted, rejected, duplicate });
    if (errors.length === 0) return;
    const codes = Map.groupBy(errors, ({ code }) => code);
    for (const [code, members] of codes) facts.eventsRejected({ code, events: members.length });
  }
}

/** @see Ingest */
export function createIngest(deps: IngestDeps): Ingest {
  return new IngestDesk(deps);
}

function senderOf(resolved: ResolvedKey | null, origin: string | null): Sender {
  if (resolved === null) throw new RequestRefused('invalid_key');
  const { key, project } = resolved;
  if (keyStatus(key) === 'disabled') throw new RequestRefused('key_disabled');
  if (!keyAllows(key.kind, 'ingest') || project === null) throw new RequestRefused('forbidden');
  if (!originAllowed(key, origin)) throw new RequestRefused('origin_not_allowed');
  return { project, mayBeHistorical: keyAllows(key.kind, 'historical') };
}

/** Adds one request's events, refused ones to that partition of `quarantine`. */
function fill(
  group: AppendGroup,
  { accepted, quarantine }: Judgement,
  { origin, partition }: { origin: RequestOrigin; partition: number },
): void {
  const lines = group.begin(origin);
  for (const event of accepted) lines.add(event);
  group.refuse(quarantine, origin, partition);
}

/** A payload as one line of NDJSON; an empty one still takes its line. */
function onLine(payload: string): string {
  const line = payload.replaceAll(/[\r\n]/g, ' ');
  return line.trim() === '' ? 'null' : line;
}

/** Entries of one request share a partition, different requests spread. */
function spread(text: string, partitions: number): number {
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum = (sum * 31 + text.charCodeAt(i)) % 1_000_003;
  return sum % partitions;
}

function storeFault(error: unknown): never {
  if (error instanceof RequestRefused) throw error;
  throw unavailable('A store does not answer.');
}

const TRUE = new Set(['1', 'true', 'yes']);

function isHistorical({ query }: IngestRequest, { historical }: DecodedBody): boolean {
  return historical === true || TRUE.has(query.get('historical') ?? '');
}

/** The client's clock at sending; what is no time counts as not told. */
function sentAtOf({ query }: IngestRequest, { sentAt }: DecodedBody): number | null {
  const told = typeof sentAt === 'string' || typeof sentAt === 'number' ? sentAt : query.get('sent_at');
  if (told === null) return null;
  const time = parseTimestamp(told);
  return Number.isFinite(time) ? time : null;
}
