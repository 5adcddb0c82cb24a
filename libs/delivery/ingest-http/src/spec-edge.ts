import { unpackLines, type QuarantineEntry, type StoredEvent } from '@productgraph/contracts';
import { createMemoryLog, createMemoryTenantStore, type MemoryLog } from '@productgraph/adapter-memory';
import { decodeEventLine } from '@productgraph/domain-event';
import {
  issueKey,
  PROJECT_DEFAULTS,
  provisionOrganisation,
  provisionProject,
  type KeyDirectory,
  type Project,
  type ProjectSettings,
  type ProvisionedProject,
  type TenantStore,
} from '@productgraph/domain-tenant';
import type { Append, Clock, EventLog } from '@productgraph/kernel';
import { createHttpServer, createReadiness, type HttpServer } from '@productgraph/platform-runtime';
import { noTracing, type IngestFacts } from '@productgraph/platform-telemetry';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import type { ImportCounts } from './import-routes.ts';
import { createIngest, type Ingest, type IngestDeps } from './ingest.ts';
import { registerIngest } from './register.ts';

/** 2026-09-14 12:34:56.789 UTC. */
export const NOW = Date.UTC(2026, 8, 14, 12, 34, 56, 789);

/** A clock that stands still until told. */
export interface SetClock extends Clock {
  set(time: number): void;
}

export function setClock(time = NOW): SetClock {
  let now = time;
  return { now: () => now, set: (next) => void (now = next), sleep: () => Promise.resolve() };
}

/** The log with a switch: appends go through, fail, or wait. */
export interface SwitchedLog extends EventLog {
  readonly memory: MemoryLog;
  /** Rejects all appends and look-ups of topics from now on; null = goes on. */
  fail(error: Error | null): void;
  /** Holds appends back until the answered function is called; they count as not yet made. */
  hold(): () => void;
  readonly appends: readonly (readonly Append[])[];
}

function switchedLog(clock: Clock, partitions = 4): SwitchedLog {
  const memory = createMemoryLog({ clock, partitions });
  const appends: (readonly Append[])[] = [];
  let fault: Error | null = null;
  let held: Promise<void> | null = null;
  return {
    ...memory,
    memory,
    appends,
    topic: async (topic) => {
      if (fault !== null) throw fault;
      return memory.topic(topic);
    },
    append: async (batch) => {
      await held;
      if (fault !== null) throw fault;
      appends.push(batch);
      return memory.append(batch);
    },
    fail: (error) => void (fault = error),
    hold: () => {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      held = promise;
      return () => resolve(undefined);
    },
  };
}

/** Facts as they were told. */
export type ToldFacts = IngestFacts & {
  readonly told: { readonly [K in keyof IngestFacts]: Parameters<IngestFacts[K]>[0][] };
};

export function toldFacts(): ToldFacts {
  const told: ToldFacts['told'] = {
    requestAnswered: [],
    requestRefused: [],
    eventsJudged: [],
    eventsRejected: [],
    eventsAppended: [],
    appendFailed: [],
    keyResolved: [],
    ratesLost: [],
    requestFailed: [],
  };
  const tell = Object.fromEntries(
    Object.entries(told).map(([name, list]) => [name, (fact: never) => void list.push(fact)]),
  ) as unknown as IngestFacts;
  return { ...tell, told };
}

/** The edge on a real server, with everything behind it in memory. */
export interface Edge {
  readonly server: HttpServer;
  readonly ingest: Ingest;
  readonly log: SwitchedLog;
  readonly clock: SetClock;
  readonly facts: ToldFacts;
  readonly tenants: TenantStore;
  readonly made: ProvisionedProject;
  readonly project: Project;
  /** What was asked of the import desk. */
  readonly settled: { readonly projectId: string; readonly from: number; readonly to: number }[];
  readonly counts: ImportCounts;
  /** Handlers that threw: bugs. */
  readonly unexpected: unknown[];
  /** `POST /v1/events` with the write key, unless headers or url say otherwise. */
  send(body: string | Buffer | object, options?: InjectOptions): Promise<Reply>;
  /** Any request. */
  inject(options: InjectOptions): Promise<Reply>;
  /** Events in the log: by partition, in order. */
  events(): StoredEvent[];
  quarantine(): QuarantineEntry[];
  issue(kind: 'pgw' | 'pgs' | 'pgt', allowedOrigins?: readonly string[]): Promise<{ id: string; secret: string }>;
}

/** Status, headers and parsed body. */
export interface Reply {
  readonly status: number;
  readonly headers: LightMyRequestResponse['headers'];
  // Whatever the route answers; specs compare it.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly json: any;
}

export interface EdgeOptions {
  readonly settings?: Partial<ProjectSettings>;
  readonly deps?: (deps: IngestDeps) => Partial<IngestDeps>;
  readonly partitions?: number;
  readonly maxBytesReceiving?: number;
  /** Asked before settlement is noted as asked for; may refuse. */
  readonly beforeSettling?: () => Promise<void>;
}

const COUNTS: ImportCounts = { accepted: 9, stored: 6, duplicate: 1, rejected: 3, quarantinedLater: 2 };

export async function startEdge({
  settings,
  deps,
  partitions,
  beforeSettling,
  ...routes
}: EdgeOptions = {}): Promise<Edge> {
  const clock = setClock();
  const log = switchedLog(clock, partitions);
  const facts = toldFacts();
  const tenants = createMemoryTenantStore({ clock });
  const provision = { store: tenants, clock, actor: 'system' };
  const { id: orgId } = await provisionOrganisation(provision, 'Acme');
  const made = await provisionProject(provision, orgId, { ...PROJECT_DEFAULTS, name: 'Shop', ...settings });
  const base: IngestDeps = {
    log,
    keys: tenants.keyDirectory,
    usage: { acceptedInMonth: async () => 0 },
    clock,
    facts,
    producer: 'spec',
  };
  const ingest = createIngest({ ...base, ...deps?.(base) });
  const settled: Edge['settled'] = [];
  const desk = {
    counts: async () => COUNTS,
    settle: async ({ id }: Project, span: { from: number; to: number }) => {
      await beforeSettling?.();
      settled.push({ projectId: id, ...span });
    },
  };
  const unexpected: unknown[] = [];
  const server = quietServer(clock, unexpected);
  await registerIngest(server.fastify, { ingest, desk, clock, facts, ...routes });
  const inject = async (request: InjectOptions): Promise<Reply> => replyOf(await server.fastify.inject(request));
  return {
    server,
    ingest,
    log,
    clock,
    facts,
    tenants,
    made,
    project: made.project,
    settled,
    counts: COUNTS,
    unexpected,
    inject,
    send: (body, { headers, ...options } = {}) =>
      inject({
        method: 'POST',
        url: '/v1/events',
        payload: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
        ...options,
        headers: { 'x-pg-api-key': made.write.secret, ...headers },
      }),
    events: () => eventsIn(log.memory, partitions),
    quarantine: () => quarantineIn(log.memory, partitions),
    issue: async (kind, allowedOrigins = []) => {
      const role = kind === 'pgt' ? 'viewer' : null;
      const draft = { orgId, projectId: made.project.id, kind, name: 'another', role, allowedOrigins } as const;
      const { key, secret } = await issueKey(tenants, draft, 'system');
      return { id: key.id, secret };
    },
  };
}

function quietServer(clock: Clock, unexpected: unknown[]): HttpServer {
  return createHttpServer({
    host: '127.0.0.1',
    port: 0,
    clock,
    tracing: noTracing,
    facts: { unexpected: (fact) => void unexpected.push(fact) },
    metrics: async () => ({ contentType: 'text/plain', body: '' }),
    readiness: createReadiness(),
    drainDelayMs: 0,
  });
}

function replyOf(response: LightMyRequestResponse): Reply {
  const isJson = response.body !== '' && response.headers['content-type']?.toString().startsWith('application/json');
  return {
    status: response.statusCode,
    headers: response.headers,
    json: isJson === true ? response.json() : response.body,
  };
}

const each = (partitions = 4): number[] => Array.from({ length: partitions }, (_, partition) => partition);

function eventsIn(log: MemoryLog, partitions?: number): StoredEvent[] {
  const records = each(partitions).flatMap((partition) => log.records('events', partition));
  return records.flatMap((record) => unpackLines(record.payload).map((line) => decodeEventLine(line)));
}

function quarantineIn(log: MemoryLog, partitions?: number): QuarantineEntry[] {
  const records = each(partitions).flatMap((partition) => log.records('quarantine', partition));
  return records.flatMap((record) => unpackLines(record.payload).map((line) => JSON.parse(line) as QuarantineEntry));
}

/** A key directory that counts questions, and fails or waits on demand. */
export function watchedKeys(
  keys: KeyDirectory,
): KeyDirectory & { asked: number; fault: Error | null; gate: Promise<void> | null } {
  return {
    asked: 0,
    fault: null,
    gate: null,
    async findByHash(hash) {
      this.asked++;
      await this.gate;
      if (this.fault !== null) throw this.fault;
      return keys.findByHash(hash);
    },
  };
}

/** A page view that is good. */
export const view = (fields: object = {}): object => ({ 'event.type': 'page.view', 'user.id': 'ann', ...fields });
