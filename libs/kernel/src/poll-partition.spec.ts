import { describe, expect, it } from 'vitest';
import type { Clock } from './clock.ts';
import type { ConsumedRecord, PartitionHandler, PartitionRef } from './event-log.ts';
import { pollPartition, subscriptionOf, type PartitionPoll, type PartitionSource } from './poll-partition.ts';

const PARTITION: PartitionRef = { topic: 'events', generation: 1, partition: 0 };

/** Time that passes by sleeping only; every sleep is noted. */
function sleepingClock(): Clock & { readonly sleeps: number[] } {
  let now = 1000;
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => now,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      sleeps.push(ms);
      now += ms;
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

const recordAt = (offset: number): ConsumedRecord => ({
  offset,
  schema: 'events/1',
  count: 1,
  receivedAt: 0,
  ids: new Uint8Array(),
  counts: {},
  producer: 'test',
  payload: new Uint8Array(),
});

interface Setup {
  readonly gatherMs?: number;
  readonly low?: number;
  readonly high: number;
  readonly handler?: Partial<PartitionHandler>;
  readonly source?: Partial<PartitionSource>;
}

function start({
  low = 0,
  high,
  handler,
  source,
  gatherMs = 0,
}: Setup): PartitionPoll & { clock: ReturnType<typeof sleepingClock> } {
  const clock = sleepingClock();
  const poll = pollPartition({
    partition: PARTITION,
    clock,
    random: () => 1,
    maxRecords: 2,
    idleMs: 1000,
    gatherMs,
    source: {
      watermarks: async () => ({ low, high }),
      read: async (offset, max) => ({
        records: Array.from({ length: Math.max(0, Math.min(max, high - offset)) }, (_, n) => recordAt(offset + n)),
        high,
      }),
      waitBeyond: (_, ms, signal) => clock.sleep(ms, signal).catch(() => undefined),
      ...source,
    },
    handler: {
      assigned: async (_, marks) => marks.low,
      batch: async ({ records }) => (records.at(-1)?.offset ?? 0) + 1,
      idle: async () => null,
      revoked: async () => undefined,
      ...handler,
    },
  });
  return { ...poll, clock };
}

/** Resolves with the poll once `times` calls were made. */
function after(times: number): { call: () => void; reached: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  let calls = 0;
  const call = (): void => {
    calls++;
    if (calls === times) resolve(undefined);
  };
  return { call, reached: promise };
}

describe('pollPartition', () => {
  it('waits longer after each fault, at most 5 s, and starts from the shortest wait again after a success', async () => {
    const faults = after(11);
    let calls = 0;
    const poll = start({
      high: 0,
      handler: {
        idle: async () => {
          faults.call();
          calls++;
          if (calls !== 9) throw new Error(`fault ${calls}`);
          return null;
        },
      },
    });
    await faults.reached;
    const fault = poll.fault();
    await poll.stop();
    const waits = poll.clock.sleeps.filter((ms) => ms !== 1000);
    expect(waits.slice(0, 9)).toEqual([100, 200, 400, 800, 1600, 3200, 5000, 5000, 100]);
    expect(fault?.error).toBe('fault 10');
  });

  it('keeps the time of the first fault until a batch or an idle call succeeds', async () => {
    const assigned = after(3);
    const poll = start({
      high: 0,
      handler: {
        assigned: async () => {
          assigned.call();
          throw new Error('away');
        },
      },
    });
    await assigned.reached;
    expect(poll.fault()).toEqual({ error: 'away', since: 1000 });
    expect(poll.position()).toBeNull();
    await poll.stop();
  });

  it.each([
    { title: 'before the first record', low: 5, high: 9, from: 4, fault: /^log_trimmed/u },
    { title: 'beyond the end', low: 0, high: 9, from: 10, fault: /^log_went_back/u },
  ])('names a start $title', async ({ low, high, from, fault }) => {
    const tries = after(2);
    const assigned = async (): Promise<number> => (tries.call(), from);
    const poll = start({ low, high, handler: { assigned } });
    await tries.reached;
    expect(poll.fault()?.error).toMatch(fault);
    await poll.stop();
  });

  it('gathers at the end of the log, on a grid of times, and does not wait while it is behind', async () => {
    const { call, reached } = after(4);
    const sizes: number[] = [];
    let high = 5;
    const poll = start({
      high,
      gatherMs: 300,
      source: {
        read: async (offset, max) => ({
          records: Array.from({ length: Math.min(max, high - offset) }, (_, n) => recordAt(offset + n)),
          high,
        }),
      },
      handler: {
        batch: async ({ records }) => {
          sizes.push(records.length);
          call();
          if (sizes.length === 3) high = 6;
          return (records.at(-1)?.offset ?? 0) + 1;
        },
      },
    });
    await reached;
    await poll.stop();
    expect(sizes).toEqual([2, 2, 1, 1]);
    // The clock began at 1,000: partition 0 has its turns at multiples of 300.
    expect(poll.clock.sleeps.slice(0, 1)).toEqual([200]);
  });

  it('gathers on and on while records come faster than batches are done, also when an idle call is due', async () => {
    const begun: number[] = [];
    const { call, reached } = after(12);
    let appended = 1;
    const poll = start({
      high: 1,
      gatherMs: 500,
      source: {
        watermarks: async () => ({ low: 0, high: appended }),
        read: async (offset) => ({
          records: Array.from({ length: appended - offset }, (_, n) => recordAt(offset + n)),
          high: appended,
        }),
      },
      handler: {
        batch: async ({ records }) => {
          begun.push(poll.clock.now());
          // One record arrives while this batch is worked on.
          appended++;
          call();
          return (records.at(-1)?.offset ?? 0) + 1;
        },
      },
    });
    await reached;
    await poll.stop();
    const gaps = begun.slice(2, 12).map((time, n) => time - (begun[n + 1] ?? 0));
    expect(gaps).toEqual(Array.from({ length: 10 }, () => 500));
  });

  it('waits no longer than the grid is wide when the clock is set back', async () => {
    const { call, reached } = after(2);
    let back = 0;
    const clock = sleepingClock();
    let high = 1;
    const poll = pollPartition({
      partition: PARTITION,
      clock: { ...clock, now: () => clock.now() - back },
      random: () => 1,
      gatherMs: 500,
      source: {
        watermarks: async () => ({ low: 0, high }),
        read: async (offset) => ({ records: offset < high ? [recordAt(offset)] : [], high }),
        waitBeyond: (_, ms, signal) => clock.sleep(ms, signal).catch(() => undefined),
      },
      handler: {
        assigned: async (_, marks) => marks.low,
        batch: async ({ records }) => {
          back += 3_600_000;
          high = 2;
          call();
          return (records.at(-1)?.offset ?? 0) + 1;
        },
        idle: async () => null,
        revoked: async () => undefined,
      },
    });
    await reached;
    await poll.stop();
    expect(Math.max(...clock.sleeps)).toBeLessThanOrEqual(1_000);
  });

  it('names records that went away while it read', async () => {
    const tries = after(2);
    const assigned = async (): Promise<number> => (tries.call(), 0);
    const poll = start({
      high: 9,
      handler: { assigned },
      source: { read: async () => ({ records: [recordAt(4)], high: 9 }) },
    });
    await tries.reached;
    expect(poll.fault()?.error).toBe('log_trimmed: events.1[0] has nothing from 0 up to 4 any more');
    await poll.stop();
  });

  it('looks at the log once more before it lets timers follow the wall clock', async () => {
    let high = 0;
    const calls: string[] = [];
    const idle = after(1);
    const poll = start({
      high: 0,
      source: {
        // Another process appended: the watermarks know, this process's own reading does not yet.
        watermarks: async () => ({ low: 0, high: calls.length === 0 ? high : 1 }),
        read: async (offset) => {
          const known = high;
          high = 1;
          return offset < known ? { records: [recordAt(0)], high: 1 } : { records: [], high: known };
        },
      },
      handler: {
        batch: async () => (calls.push('batch'), 1),
        idle: async () => (calls.push('idle'), idle.call(), null),
      },
    });
    await idle.reached;
    await poll.stop();
    expect(calls.slice(0, 2)).toEqual(['batch', 'idle']);
  });

  it('stops in the middle of a back-off and does not revoke what was never assigned', async () => {
    const calls: string[] = [];
    const poll = start({
      high: 0,
      handler: {
        assigned: () => Promise.reject(new Error('never')),
        revoked: async () => void calls.push('revoked'),
      },
    });
    await new Promise((resolve) => setImmediate(resolve));
    await poll.stop();
    expect(calls).toEqual([]);
  });
});

it('tells which partitions could not be revoked, after having stopped them all', async () => {
  const idle = after(2);
  const call = async (): Promise<null> => (idle.call(), null);
  const bad = start({ high: 0, handler: { idle: call, revoked: () => Promise.reject(new Error('stuck')) } });
  const good = start({ high: 0, handler: { idle: call } });
  await idle.reached;
  const subscription = subscriptionOf([bad, good], async () => []);
  await expect(subscription.stop()).rejects.toMatchObject({ errors: [{ message: 'stuck' }] });
});
