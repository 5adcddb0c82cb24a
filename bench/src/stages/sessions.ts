import { createMemoryLog, createMemorySettlementProgress, createMemoryStateStore } from '@productgraph/adapter-memory';
import { eventLine, packLines, unpackLines, type LogRecord } from '@productgraph/contracts';
import { createEventDecoder, decodeEventLine } from '@productgraph/domain-event';
import type { GroupPartition, PartitionTask, TaskBatch } from '@productgraph/kernel';
import {
  createProjectSettings,
  createSessionRowSink,
  createSessionTask,
  SESSION_GROUP,
} from '@productgraph/processor-session';
import { syntheticBodies } from '../harness/events.ts';
import { median, shuffle, spread } from '../harness/stats.ts';
import { stealShare, stealTicks } from '../harness/system.ts';
import type { StageResult } from '../report.ts';

/*
 * B5: the session-processor's task over records of the log (unpack, decode, load states, fold, rows appended, states saved; state in memory),
 * against a loop that unpacks the same records and gives each line to JSON.parse. One thread; time is its CPU.
 */

const PER_RECORD = 100;
const RECORDS_PER_BATCH = 10;
const USERS = 5_000;
const START = Date.UTC(2026, 2, 4);
const PROJECT = '01900000-0000-7000-8000-000000000001';
/** Runner time between records: a batch a second. */
const STEP_MS = 100;
const PARTITION: GroupPartition = { group: SESSION_GROUP, topic: 'events', generation: 1, partition: 0 };

type Legs = Readonly<Record<'sessions' | 'floor', () => Promise<number>>>;
type Round = Readonly<Record<keyof Legs, number>>;

/** @param events of each leg */
export async function sessionsStage(rounds: number, events: number): Promise<StageResult[]> {
  const legs = legsOf(events);
  for (const leg of Object.values(legs)) await leg();
  const done: Round[] = [];
  for (let n = 0; n < rounds * 3; n++) {
    const steal = stealTicks();
    const figures = { sessions: Number.NaN, floor: Number.NaN };
    for (const name of shuffle(['sessions', 'floor'] as const)) figures[name] = (await legs[name]()) / events;
    if (stealShare(steal, stealTicks()) <= 0.1) done.push(figures);
  }
  if (done.length === 0) throw new Error('Every round was discarded: too much CPU is stolen by the host');
  return [result(done, events)];
}

function legsOf(events: number): Legs {
  const records = recordsOf(events);
  return {
    floor: () =>
      cpuOf(() => {
        parseAll(records, events);
      }),
    sessions: async () => {
      const { task, rows } = await newTask();
      const used = await cpuOf(() => foldAll(task, records));
      if (rows() < Math.min(USERS, events)) throw new Error(`Only ${String(rows())} session rows came: void`);
      return used;
    },
  };
}

/** User and system time of this process while it works, microseconds. */
async function cpuOf(work: () => Promise<void> | void): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

function parseAll(records: readonly LogRecord[], events: number): void {
  let parsed = 0;
  for (const { payload } of records)
    for (const line of unpackLines(payload)) parsed += (JSON.parse(line) as unknown[]).length - 1;
  if (parsed !== events) throw new Error(`${String(parsed)} of ${String(events)} events parsed: void`);
}

async function foldAll(task: PartitionTask, records: readonly LogRecord[]): Promise<void> {
  for (let first = 0; first < records.length; first += RECORDS_PER_BATCH) {
    const taken = records.slice(first, first + RECORDS_PER_BATCH);
    const batch: TaskBatch = {
      partition: PARTITION,
      records: taken.map((record, n) => ({ ...record, offset: first + n })),
      isDuplicate: () => false,
      position: { next: first + taken.length, windowStart: null, time: taken.at(-1)?.receivedAt ?? START },
    };
    if (!(await task.batch(batch))) throw new Error('The task did not take its own batch: void');
  }
  // A day later every session has ended and is told.
  await task.tick(START + records.length * STEP_MS + 26 * 3_600_000);
}

/** A task over empty state; `rows`: session rows that it has appended. */
async function newTask(): Promise<{ task: PartitionTask; rows: () => number }> {
  const clock = { now: () => START, sleep: () => Promise.resolve() };
  const log = createMemoryLog({ clock, partitions: 1 });
  const telemetry = { rowsEmitted: nothing, settingsStale: nothing, lateReceipts: nothing };
  const task = createSessionTask({
    store: createMemoryStateStore(),
    sink: createSessionRowSink({ log, clock, producer: 'bench' }),
    decode: createEventDecoder({ decodeLine: decodeEventLine }),
    settings: createProjectSettings({ directory: { find: () => Promise.resolve(null) }, clock, telemetry }),
    progress: createMemorySettlementProgress(),
    telemetry,
  })(PARTITION);
  await task.open();
  return { task, rows: () => log.records('sessions', 0).reduce((sum, { count }) => sum + count, 0) };
}

function nothing(): void {
  // Facts are told to nobody here.
}

/** Records as ingestion makes them, ten a second. */
function recordsOf(events: number): LogRecord[] {
  const bodies = syntheticBodies({ bodies: events / PER_RECORD, batch: PER_RECORD, users: USERS, at: START });
  return bodies.map((body, n) => {
    const receivedAt = START + n * STEP_MS;
    const sent = (JSON.parse(body.toString('utf8')) as { events: { event_id: string }[] }).events;
    return {
      schema: 'events/1',
      count: sent.length,
      receivedAt,
      // Told apart by the runner, which is not asked here.
      ids: new Uint8Array(),
      counts: { [PROJECT]: { [String(Math.floor(receivedAt / 60_000))]: sent.length } },
      producer: 'bench',
      payload: packLines(
        sent.map((event) =>
          eventLine([PROJECT, event.event_id, receivedAt, receivedAt, 0, 0, null], JSON.stringify(event)),
        ),
      ),
    };
  });
}

function result(rounds: readonly Round[], events: number): StageResult {
  const ratio = spread(rounds.map(({ sessions, floor }) => floor / sessions));
  const [floor, own] = [median(rounds.map((round) => round.floor)), median(rounds.map((round) => round.sessions))];
  return {
    stage: 'B5',
    what: `records → sessions, ${String(events)} events of ${String(USERS)} users, against unpack + JSON.parse`,
    figure: ratio.median,
    unit: 'CPU ratio',
    range: `${ratio.min.toFixed(2)}-${ratio.max.toFixed(2)}`,
    floor: `${floor.toFixed(2)} µs/ev`,
    candidate: `${own.toFixed(2)} µs/ev, ${(1e6 / own).toFixed(0)} ev/s per core`,
    target: '≥ 0.60',
    met: ratio.median >= 0.6,
    samples: rounds,
  };
}
