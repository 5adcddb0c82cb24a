import { randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { allNodes, type GraphqlClient } from './graphql.ts';

/*
 * The ledger test of docs/architecture.md: every event gets an id and a fate (acknowledged, refused, ambiguous); afterwards
 * acknowledged ⊆ stored, each once, refused ∩ stored = ∅, property values as sent, sessions as a single pass over what is stored.
 */

/** Deterministic random numbers (mulberry32): a run can be repeated by its seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

interface SentEvent {
  readonly id: string;
  /** Exact JSON text of the properties. */
  readonly properties: string;
  readonly body: string;
}

export interface Fates {
  readonly acknowledged: ReadonlyMap<string, string>;
  readonly refused: ReadonlySet<string>;
  readonly ambiguous: ReadonlySet<string>;
  readonly resends: number;
  /** Requests sent to their end whose connection broke before an answer. */
  readonly cutOff: number;
}

export interface WorkloadOptions {
  readonly seed: number;
  readonly senders: number;
  readonly usersPerSender: number;
  readonly batch: number;
  /** Where to send now; asked before every try, since a restart may move it. */
  readonly url: () => string;
  readonly writeKey: string;
  /** Mean pause between the batches of a sender, ms. */
  readonly pauseMs: number;
}

/** Applications that send in order per user, resend what was not answered, and sometimes give up (then the fate is ambiguous). */
export class Workload {
  readonly #options: WorkloadOptions;
  readonly #random: () => number;
  readonly #acknowledged = new Map<string, string>();
  readonly #refused = new Set<string>();
  readonly #ambiguous = new Set<string>();
  readonly #clocks = new Map<string, number>();
  #resends = 0;
  #cutOff = 0;
  #running = true;
  #done: Promise<unknown> = Promise.resolve();

  constructor(options: WorkloadOptions) {
    this.#options = options;
    this.#random = seeded(options.seed);
  }

  start(): void {
    this.#done = Promise.all(Array.from({ length: this.#options.senders }, (_, sender) => this.#send(sender)));
  }

  /** Waits for the batches in flight to be answered or given up. */
  async stop(): Promise<Fates> {
    this.#running = false;
    await this.#done;
    return this.fates();
  }

  fates(): Fates {
    return {
      acknowledged: this.#acknowledged,
      refused: this.#refused,
      ambiguous: this.#ambiguous,
      resends: this.#resends,
      cutOff: this.#cutOff,
    };
  }

  async #send(sender: number): Promise<void> {
    while (this.#running) {
      await this.#deliver(Array.from({ length: this.#options.batch }, () => this.#event(sender)));
      await sleep(this.#options.pauseMs * 2 * this.#random());
    }
  }

  /** Times grow per user, with a pause beyond 30 minutes now and then; they begin 20 hours ago so that all lie in the past. */
  #event(sender: number): SentEvent {
    const user = `user-${String(sender)}-${String(Math.floor(this.#random() * this.#options.usersPerSender))}`;
    const gap = this.#random() < 0.02 ? 31 * 60_000 : Math.floor(this.#random() * 1000);
    const at = (this.#clocks.get(user) ?? Date.now() - 20 * 3_600_000) + gap;
    this.#clocks.set(user, at);
    const id = randomUUID();
    const broken = this.#random() < 0.01;
    // A number beyond 2^53 and an escaped text: both must come back digit by digit.
    const properties = `{"n":9007199254740993,"share":0.1000000000000000055,"text":"tab\\tquote\\" ${String(sender)}"}`;
    const type = broken ? 'no.such.type' : 'page.view';
    const body = `{"event_id":"${id}","event.type":"${type}","event.timestamp":${String(at)},"user.id":"${user}","page.path":"/p","properties":${properties}}`;
    return { id, properties, body };
  }

  async #deliver(events: readonly SentEvent[]): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      const answer = await this.#post(events);
      if (answer !== null) {
        this.#note(events, answer);
        return;
      }
      if (attempt > 0 && this.#random() < 0.1) {
        for (const { id } of events) this.#ambiguous.add(id);
        return;
      }
      this.#resends++;
      await sleep(100 + this.#random() * 200);
    }
  }

  /** Indices of refused events, or null when nobody knows: no answer, or 429/503 (try again). */
  async #post(events: readonly SentEvent[]): Promise<Set<number> | null> {
    try {
      const body = `{"events":[${events.map((event) => event.body).join(',')}]}`;
      const { status, text } = await post(`${this.#options.url()}/v1/events`, this.#options.writeKey, body);
      if (status === 503 || status === 429) return null;
      if (status !== 202) throw new UnexpectedStatus(status, text);
      const answer = JSON.parse(text) as { errors: { index: number }[] };
      return new Set(answer.errors.map((error) => error.index));
    } catch (error) {
      if (error instanceof UnexpectedStatus) throw error;
      if (error instanceof CutOff) this.#cutOff++;
      return null;
    }
  }

  #note(events: readonly SentEvent[], refused: ReadonlySet<number>): void {
    for (const [index, { id, properties }] of events.entries()) {
      if (refused.has(index)) this.#refused.add(id);
      else this.#acknowledged.set(id, properties);
    }
  }
}

class UnexpectedStatus extends Error {
  constructor(status: number, body: string) {
    super(`Unexpected answer ${String(status)}: ${body}`);
  }
}

/** The request was sent to its end, and its connection broke before the answer's. */
class CutOff extends Error {}

/** On a connection of its own: one that is kept may be closed, while idle, just as the next request goes out. @throws CutOff */
function post(url: string, key: string, body: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      'x-pg-api-key': key,
      'content-length': Buffer.byteLength(body),
    };
    const request = httpRequest(url, { method: 'POST', headers, agent: false, signal: AbortSignal.timeout(15_000) });
    let isConnected = false;
    const fail = (error: Error): void =>
      reject(isConnected && request.writableFinished ? new CutOff('cut off', { cause: error }) : error);
    request.once('socket', (socket) => socket.once('connect', () => (isConnected = true)));
    request.once('error', fail);
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', fail);
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    request.end(body);
  });
}

export interface StoredNode {
  readonly eventId: string;
  readonly timestamp: string;
  readonly sequence: number;
  readonly userKey: string;
  readonly propertiesText: string;
}

export interface SessionNode {
  readonly userKeys: readonly string[];
  readonly start: string;
  readonly end: string;
  readonly events: number;
}

const EVENTS = `query ($after: String, $range: Range!) {
  events(input: { range: $range, includeBots: true }, first: 1000, after: $after) {
    edges { node { eventId timestamp sequence userKey propertiesText } } pageInfo { hasNextPage endCursor } } }`;
const SESSIONS = `query ($after: String, $range: Range!) {
  sessions(input: { range: $range, includeBots: true }, first: 1000, after: $after) {
    edges { node { userKeys start end events } } pageInfo { hasNextPage endCursor } } }`;

/** Everything stored since two days ago. */
export function storedEvents(client: GraphqlClient): Promise<StoredNode[]> {
  return allNodes<StoredNode>(client, EVENTS, { connection: 'events', variables: { range: lastDays() } });
}

export function storedSessions(client: GraphqlClient): Promise<SessionNode[]> {
  return allNodes<SessionNode>(client, SESSIONS, { connection: 'sessions', variables: { range: lastDays() } });
}

/** Yesterday's events and today's, whatever the hour. */
const lastDays = (): string => {
  const [from, to] = [Date.now() - 72 * 3_600_000, Date.now() + 24 * 3_600_000];
  return `${new Date(from).toISOString()}/${new Date(to).toISOString()}`;
};

/** Faults of what is stored against what was said; empty when everything holds. */
export function ledgerFaults(fates: Fates, stored: readonly StoredNode[]): string[] {
  const times = new Map<string, number>();
  for (const { eventId } of stored) times.set(eventId, (times.get(eventId) ?? 0) + 1);
  return [
    ...[...fates.acknowledged.keys()].filter((id) => !times.has(id)).map((id) => `acknowledged but not stored: ${id}`),
    ...[...times].filter(([, n]) => n > 1).map(([id, n]) => `stored ${String(n)} times: ${id}`),
    ...[...fates.refused].filter((id) => times.has(id)).map((id) => `refused but stored: ${id}`),
    ...stored.flatMap((event) => contentFaults(fates, event)),
  ];
}

function contentFaults(fates: Fates, { eventId, propertiesText }: StoredNode): string[] {
  const sent = fates.acknowledged.get(eventId);
  if (sent === undefined) return fates.ambiguous.has(eventId) ? [] : [`stored but never sent: ${eventId}`];
  return sent === propertiesText ? [] : [`properties of ${eventId} changed: ${propertiesText}`];
}

/** Sessions by a single pass: a pause of more than 30 minutes begins a new one. As sorted text, for comparison. */
export function sessionsByDefinition(stored: readonly StoredNode[]): string[] {
  const byUser = Map.groupBy(stored, (event) => event.userKey);
  const sessions: string[] = [];
  for (const [userKey, events] of byUser) {
    const times = events.map((event) => Date.parse(event.timestamp)).sort((a, b) => a - b);
    let from = 0;
    for (let at = 1; at <= times.length; at++) {
      if (at < times.length && (times[at] ?? 0) - (times[at - 1] ?? 0) <= 30 * 60_000) continue;
      sessions.push(describeSession({ userKey, start: times[from] ?? 0, end: times[at - 1] ?? 0, events: at - from }));
      from = at;
    }
  }
  return sessions.sort();
}

export function sessionsAsStored(sessions: readonly SessionNode[]): string[] {
  return sessions
    .map(({ userKeys, start, end, events }) =>
      describeSession({ userKey: userKeys.join('+'), start: Date.parse(start), end: Date.parse(end), events }),
    )
    .sort();
}

function describeSession(session: { userKey: string; start: number; end: number; events: number }): string {
  return `${session.userKey} ${String(session.start)}-${String(session.end)} ${String(session.events)} events`;
}
