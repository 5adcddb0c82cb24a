import { partitionOf } from '@productgraph/contracts';
import { startStack, type Plan, type Stack } from '@productgraph/tools/stack';
import { setTimeout as sleep } from 'node:timers/promises';
import { cli } from './cli.ts';
import { syntheticBodies } from './events.ts';
import { closedLoop, prepareRequest, type PreparedRequest } from './http-load.ts';
import { Shard } from './shards.ts';
import { median } from './stats.ts';
import { cpuMicros, processTree, residentBytes } from './system.ts';

/** Real servers as of Scale, one process of each app that a stage needs, and one project. */
export interface BenchTier {
  readonly stack: Stack;
  readonly ingestionPort: number;
  /** One per shard, in their order: a project's rows are together on one. */
  readonly projects: readonly BenchProject[];
  readonly brokers: readonly string[];
  readonly shards: readonly Shard[];
  stop(): Promise<void>;
}

export interface BenchProject {
  readonly id: string;
  readonly writeKey: string;
}

/** Apps of the tier, each as one process. */
export type TierApp = 'ingestion' | 'event-writer' | 'session-processor';

/** As in the local stack: each partition makes inserts of its own, and two cores do no more in parallel. */
const PARTITIONS = 6;
const CONNECTIONS = 16;

/** Three brokers with Java's best compiler, two shards, a Redis cluster, PostgreSQL, and these apps. */
export async function startTier(apps: readonly TierApp[]): Promise<BenchTier> {
  const one = (app: TierApp): number => (apps.includes(app) ? 1 : 0);
  const plan: Plan = {
    kafka: { brokers: 3, fullJit: true },
    clickhouse: { shards: 2 },
    redis: { single: false, masters: 3 },
    postgres: { replica: false },
    product: {
      ingestion: one('ingestion'),
      graphql: 0,
      'event-writer': one('event-writer'),
      'session-processor': one('session-processor'),
      partitions: PARTITIONS,
    },
  };
  const say = (text: string): void => void process.stderr.write(`  ${text}\n`);
  const stack = await startStack({ name: `bench-${String(process.pid)}`, plan, temporary: true, say });
  try {
    const { DATABASE_URL = '', CLICKHOUSE_URLS = '', KAFKA_BROKERS = '' } = stack.settings;
    const shards = CLICKHOUSE_URLS.split(',').map((url) => new Shard(url));
    return {
      stack,
      ingestionPort: stack.ports['ingestion-1'] ?? 0,
      projects: await projectPerShard({ DATABASE_URL }, shards.length),
      brokers: KAFKA_BROKERS.split(','),
      shards,
      stop: () => stack.down(),
    };
  } catch (error) {
    await stack.down();
    throw error;
  }
}

/** Makes projects until there is one on each shard. */
async function projectPerShard(env: Readonly<Record<string, string>>, shards: number): Promise<BenchProject[]> {
  const projects: BenchProject[] = [];
  for (let n = 0; Object.keys(projects).length < shards; n++) {
    const name = `bench-${String(n)}`;
    const made = await cli<{ id: string; keys: { write: string } }>(env, ['projects', 'create', name, '--org', name]);
    projects[partitionOf(made.id, '', shards)] ??= { id: made.id, writeKey: made.keys.write };
  }
  return projects;
}

/** CPU so far by kind of process, microseconds: `kafka`, `clickhouse`, `event-writer`, … */
export function cpuByKind(stack: Stack): Record<string, number> {
  const used: Record<string, number> = {};
  for (const { name, pid } of stack.status()) {
    if (pid === undefined) continue;
    const kind = kindOf(name);
    used[kind] = (used[kind] ?? 0) + processTree(pid).reduce((sum, member) => sum + cpuMicros(member), 0);
  }
  return used;
}

/** `kafka-2` is a `kafka`. */
const kindOf = (name: string): string => name.replace(/-\d+$/, '');

/** CPU per event by kind between two readings, microseconds. */
export function cpuPerEvent(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
  events: number,
): Record<string, number> {
  return Object.fromEntries(Object.entries(after).map(([kind, used]) => [kind, (used - (before[kind] ?? 0)) / events]));
}

/** `event-writer 4.1, kafka 9.5, …; 26.0 in all`. */
export function describeCpu(perEvent: Readonly<Record<string, number>>): string {
  const parts = Object.entries(perEvent).map(([kind, micros]) => `${kind} ${micros.toFixed(1)}`);
  const all = Object.values(perEvent).reduce((sum, micros) => sum + micros, 0);
  return `${parts.join(', ')}; ${all.toFixed(1)} in all`;
}

/** Resident memory of the product's own processes by name, bytes. */
export function appMemory(stack: Stack): Record<string, number> {
  const apps = stack.status().filter(({ kind, pid }) => kind === 'app' && pid !== undefined);
  return Object.fromEntries(apps.map(({ name, pid = 0 }) => [name, residentBytes(pid)]));
}

/** New events as requests, made ahead. */
export function tierRequests(
  { projects }: Pick<BenchTier, 'projects'>,
  options: { readonly events: number; readonly batch: number; readonly probes?: boolean },
): PreparedRequest[] {
  const { events, batch, probes = false } = options;
  const bodies = syntheticBodies({ bodies: Math.ceil(events / batch), batch, users: 5_000, at: Date.now(), probes });
  return bodies.map((body, n) => {
    const key = projects[n % projects.length]?.writeKey ?? '';
    const headers = { 'X-PG-API-Key': key, 'Content-Type': 'application/json' };
    return prepareRequest({ path: '/v1/events', headers, body, events: batch });
  });
}

/** Sends every request once, as fast as it goes. @throws unless all are accepted */
export async function sendAll(tier: BenchTier, requests: readonly PreparedRequest[]): Promise<void> {
  const load = await closedLoop({ port: tier.ingestionPort, requests, connections: CONNECTIONS, seconds: null });
  if (load.statuses['202'] !== requests.length)
    throw new Error(`Answers ${JSON.stringify(load.statuses)}: the run is void`);
}

/** Sum of a number that each shard tells. */
async function overShards({ shards }: Pick<BenchTier, 'shards'>, sql: string): Promise<number> {
  const counts = await Promise.all(shards.map((shard) => shard.number(sql)));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Rows of events over both shards, copies counted. */
function storedRows(tier: Pick<BenchTier, 'shards'>): Promise<number> {
  return overShards(tier, 'SELECT count() FROM events_local');
}

/** Ids that are stored, over both shards. */
function storedIds(tier: Pick<BenchTier, 'shards'>): Promise<number> {
  return overShards(tier, 'SELECT uniqExact(event_id) FROM events_local');
}

/** Waits until so many rows are there. @throws after two minutes, or when rows or ids are not exactly so many */
export async function waitStored(tier: BenchTier, events: number, look?: (rows: number) => void): Promise<void> {
  const until = performance.now() + 120_000;
  for (let rows = 0; rows < events; rows = await storedRows(tier)) {
    look?.(rows);
    if (performance.now() > until) throw new Error(`${String(rows)} of ${String(events)} events came: void`);
    // Often enough for a leg of seconds, and cheap beside what is measured.
    await sleep(50);
  }
}

/** @throws unless every event is stored once */
export async function requireOnce(tier: BenchTier, events: number): Promise<void> {
  const [rows, ids] = [await storedRows(tier), await storedIds(tier)];
  if (rows !== events || ids !== events)
    throw new Error(
      `${String(events)} events sent, ${String(rows)} rows with ${String(ids)} ids stored: the run is void`,
    );
}

/** Empties the table of events of every shard. */
export async function forgetEvents(tier: BenchTier): Promise<void> {
  await Promise.all(tier.shards.map((shard) => shard.text('TRUNCATE TABLE events_local SYNC')));
}

/** Median of each kind over rounds. */
export function medianCpu(rounds: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const kinds = Object.keys(rounds[0] ?? {});
  return Object.fromEntries(kinds.map((kind) => [kind, median(rounds.map((round) => round[kind] ?? 0))]));
}

/** Inserts that the shards have taken so far. */
export function insertCount(tier: Pick<BenchTier, 'shards'>): Promise<number> {
  return overShards(tier, "SELECT sum(value) FROM system.events WHERE event = 'InsertQuery'");
}
