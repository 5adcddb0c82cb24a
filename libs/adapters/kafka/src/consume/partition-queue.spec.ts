import type { ConsumedRecord, Watermarks } from '@productgraph/kernel';
import { recordOf } from '@productgraph/testing';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../testing/manual-clock.ts';
import { PartitionQueue, type Fetched } from './partition-queue.ts';

const consumed = (offset: number, receivedAt = 5000): ConsumedRecord => ({
  ...recordOf(`r${offset}`, { receivedAt, payload: Buffer.alloc(100) }),
  offset,
});
const range = (first: number, last: number): ConsumedRecord[] =>
  Array.from({ length: last - first + 1 }, (_, at) => consumed(first + at));
const fetched = (first: number, last: number, high = last + 1): Fetched => ({ records: range(first, last), high });
const offsets = (records: readonly ConsumedRecord[]): number[] => records.map(({ offset }) => offset);

function open(marks: Partial<Watermarks> = {}, maxBytes = 10_000) {
  const clock = manualClock();
  const calls: string[] = [];
  const found = { low: 0, high: 100, ...marks };
  const queue = new PartitionQueue({
    feed: {
      seek: (offset) => calls.push(`seek ${offset}`),
      pause: () => calls.push('pause'),
      resume: () => calls.push('resume'),
    },
    watermarks: async () => found,
    clock,
    maxBytes,
    stallMs: 30_000,
  });
  /** Reads while time passes. */
  const read = async (offset: number, max = 64) => {
    const reading = queue.read(offset, max);
    // Told by the caller's await.
    reading.catch(() => undefined);
    await clock.pass(300);
    return reading;
  };
  return { queue, clock, calls, read, found };
}

describe('PartitionQueue', () => {
  it('seeks to exactly what is read first, and goes on from there without another seek', async () => {
    const { queue, calls, read } = open();
    expect(queue.offer(fetched(0, 9))).toBeNull();
    expect(await read(7)).toEqual({ records: [], high: 7 });
    expect(calls).toEqual(['seek 7', 'resume']);
    expect(queue.offer(fetched(7, 11, 50))).toBe(11);
    const { records, high } = await read(7, 3);
    expect(offsets(records)).toEqual([7, 8, 9]);
    expect(high).toBe(50);
    expect(offsets((await read(10)).records)).toEqual([10, 11]);
    expect(calls).toEqual(['seek 7', 'resume']);
  });

  it('drops what was fetched before a seek, keeps of a batch what follows', async () => {
    const { queue, read } = open();
    await read(0);
    expect(queue.offer(fetched(0, 4))).toBe(4);
    await read(20);
    expect(queue.offer(fetched(5, 9))).toBeNull();
    expect(queue.offer(fetched(30, 39))).toBeNull();
    expect(queue.offer(fetched(18, 22))).toBe(22);
    expect(offsets((await read(20)).records)).toEqual([20, 21, 22]);
  });

  it('takes a batch only up to a gap in it', async () => {
    const { queue, read } = open();
    await read(0);
    expect(queue.offer({ records: [consumed(0), consumed(1), consumed(3)], high: 4 })).toBe(1);
    expect(queue.next).toBe(2);
  });

  it('ends a read with the record that makes it 2,000 events', async () => {
    const { queue, read } = open();
    await read(0);
    queue.offer({ records: range(0, 9).map((record) => ({ ...record, count: 500 })), high: 10 });
    expect(offsets((await read(0)).records)).toEqual([0, 1, 2, 3]);
    expect(offsets((await read(4, 2)).records)).toEqual([4, 5]);
    expect(offsets((await read(6)).records)).toEqual([6, 7, 8, 9]);
  });

  it('pauses when full and goes on at half', async () => {
    const { queue, calls, read } = open({}, 5000);
    await read(0);
    queue.offer(fetched(0, 9));
    expect(calls).toEqual(['seek 0', 'resume', 'pause']);
    expect(queue.paused).toBe(true);
    await read(0, 4);
    expect(calls.at(-1)).toBe('pause');
    await read(4, 4);
    expect(calls.at(-1)).toBe('resume');
    expect(queue.bytes).toBeLessThan(2500);
  });

  it('tells "trimmed" when the log begins after what is asked for', async () => {
    const { queue, read } = open({ low: 40, high: 60 });
    await read(10);
    // kafkajs jumps to the log's first record by itself.
    expect(queue.offer(fetched(40, 59))).toBeNull();
    expect(await read(10)).toEqual({ records: [], high: 60 });
  });

  it('fails with log_went_back when the log ends before what is asked for', async () => {
    const { queue, read } = open({ low: 0, high: 5 });
    await read(10);
    expect(queue.offer(fetched(0, 4))).toBeNull();
    await expect(read(10)).rejects.toThrow(/^log_went_back/u);
  });

  it('seeks again when something else was fetched and the log has what is asked for', async () => {
    const { queue, calls, read } = open();
    await read(10);
    queue.offer(fetched(0, 4));
    expect(await read(10)).toEqual({ records: [], high: 10 });
    expect(calls).toEqual(['seek 10', 'resume', 'seek 10']);
  });

  it('fails when nothing comes for long although it is there, and begins anew then', async () => {
    const { queue, calls, clock, read } = open();
    await read(0);
    queue.offer(fetched(0, 0, 100));
    expect((await read(0)).records).toHaveLength(1);
    expect(await read(1)).toEqual({ records: [], high: 1 });
    await clock.pass(31_000);
    await expect(read(1)).rejects.toThrow('Nothing was fetched');
    await read(1);
    expect(calls.filter((call) => call === 'seek 1')).toHaveLength(1);
  });

  it('wakes a reader up for records, for what does not follow, when closed, when aborted', async () => {
    const { queue, clock, read } = open();
    await read(0);
    const wakes: (() => void)[] = [
      () => queue.offer(fetched(0, 0)),
      () => queue.offer(fetched(9, 9)),
      () => queue.close(),
    ];
    for (const wake of wakes) {
      await read(queue.next ?? 0);
      const waiting = queue.waitBeyond(0, 60_000, new AbortController().signal);
      wake();
      await clock.pass(0);
      await waiting;
    }
    const aborted = new AbortController();
    aborted.abort();
    await queue.waitBeyond(0, 60_000, aborted.signal);
  });

  it('tells the age of the oldest unread record: in hand, queued, or the best that is known', async () => {
    const { queue, clock, read } = open();
    const began = clock.now();
    expect(queue.oldestUnread(0)).toBe(began);
    await read(0);
    queue.offer({ records: [consumed(0, 111), consumed(1, 222)], high: 3 });
    expect(queue.oldestUnread(0)).toBe(111);
    await read(0, 1);
    expect(queue.oldestUnread(0)).toBe(111);
    expect(queue.oldestUnread(1)).toBe(222);
    await read(1, 1);
    // Offset 2 is there and not fetched: it came after the one in hand.
    expect(queue.oldestUnread(2)).toBe(222);
    queue.offer({ records: [consumed(2, 333)], high: 3 });
    await clock.pass(10);
    await read(2, 1);
    await clock.pass(1000);
    await queue.watermarks();
    expect(queue.oldestUnread(3)).toBe(333);
  });
});
