import { LogUnavailable } from '@productgraph/kernel';
import { recordOf } from '@productgraph/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../testing/manual-clock.ts';
import { Appender, type AppenderOptions } from './appender.ts';
import type { PartitionSend, Sender } from './sender.ts';

/** A sender that keeps what it gets, a send at a time, each ended by the test. */
class HeldSender implements Sender {
  readonly log = new Map<string, string[]>();
  readonly sends: string[] = [];
  underWay = 0;
  mostUnderWay = 0;
  #release: { resolve: () => void; reject: (error: Error) => void }[] = [];
  readonly #auto: boolean;

  constructor(auto = false) {
    this.#auto = auto;
  }

  async send(sends: readonly PartitionSend[]): Promise<number[]> {
    this.sends.push(sends.map(({ partition, records }) => `${partition}x${records.length}`).join(' '));
    this.mostUnderWay = Math.max(this.mostUnderWay, ++this.underWay);
    try {
      if (this.#auto) await new Promise((resolve) => setImmediate(resolve));
      else await new Promise<void>((resolve, reject) => this.#release.push({ resolve, reject }));
    } finally {
      this.underWay--;
    }
    return sends.map(({ partition, records }) => {
      const stored = this.log.get(String(partition)) ?? [];
      this.log.set(String(partition), stored);
      const first = stored.length;
      stored.push(...records.map(({ producer }) => producer));
      return first;
    });
  }

  end(error?: Error): void {
    const [held] = this.#release.splice(0, 1);
    if (error) held?.reject(error);
    else held?.resolve();
  }

  async close(): Promise<void> {
    return undefined;
  }
}

function appenderOn(senders: readonly Sender[], changes: Partial<AppenderOptions> = {}) {
  const clock = manualClock();
  const options = { senders, clock, lingerMs: 5, maxPendingBytes: 1_000_000, patienceMs: 10_000, ...changes };
  return { clock, appender: new Appender(options) };
}

const to = (partition: number, prefix: string, n = 1): PartitionSend => ({
  topic: 't',
  partition,
  records: Array.from({ length: n }, (_, at) => recordOf(`${prefix}${at}`)),
});
const large = (name: string, bytes: number): PartitionSend => ({
  topic: 't',
  partition: 0,
  records: [recordOf(name, { payload: Buffer.alloc(bytes) })],
});

describe('Appender', () => {
  it('sends at once when alone, with all of the same turn', async () => {
    const sender = new HeldSender();
    const { appender, clock } = appenderOn([sender]);
    const answers = [appender.append([to(0, 'a', 2), to(1, 'b')]), appender.append([to(0, 'c')])];
    await clock.pass(0);
    expect(sender.sends).toEqual(['0x3 1x1']);
    sender.end();
    expect(await Promise.all(answers)).toEqual([[0, 0], [2]]);
  });

  it('gathers while a send is under way, and after it until the linger time of the oldest is over', async () => {
    const sender = new HeldSender();
    const { appender, clock } = appenderOn([sender]);
    const answers = [appender.append([to(0, 'a')])];
    await clock.pass(2);
    answers.push(appender.append([to(0, 'b')]));
    await clock.pass(2);
    sender.end();
    await clock.pass(2);
    answers.push(appender.append([to(0, 'c')]));
    expect(sender.sends).toEqual(['0x1']);
    await clock.pass(1);
    expect(sender.sends).toEqual(['0x1', '0x2']);
    sender.end();
    expect(await Promise.all(answers)).toEqual([[0], [1], [2]]);
    answers.push(appender.append([to(0, 'd')]));
    await clock.pass(0);
    expect(sender.sends).toEqual(['0x1', '0x2', '0x1']);
  });

  it('refuses what does not fit into its memory, takes what is too large when nothing else is there', async () => {
    const sender = new HeldSender();
    const { appender, clock } = appenderOn([sender], { maxPendingBytes: 200_000 });
    const huge = appender.append([large('a', 300_000)]);
    await expect(appender.append([to(0, 'b')])).rejects.toThrow(LogUnavailable);
    await clock.pass(0);
    expect(appender.bytes).toBeGreaterThan(300_000);
    sender.end();
    expect(await huge).toEqual([0]);
    expect(appender.bytes).toBe(0);
    const after = appender.append([to(0, 'c')]);
    await clock.pass(0);
    sender.end();
    expect(await after).toEqual([1]);
  });

  it('rejects every append of a send that failed, and goes on', async () => {
    const sender = new HeldSender();
    const { appender, clock } = appenderOn([sender]);
    const failing = Promise.allSettled([appender.append([to(0, 'a')]), appender.append([to(1, 'b')])]);
    await clock.pass(0);
    sender.end(new Error('no leader'));
    for (const result of await failing) {
      expect(result).toMatchObject({ status: 'rejected', reason: { name: 'LogUnavailable' } });
    }
    expect(appender.bytes).toBe(0);
    const after = appender.append([to(0, 'c')]);
    await clock.pass(0);
    sender.end();
    expect(await after).toEqual([0]);
  });

  it('gives up an append after its time, and sends nothing of it that was not under way', async () => {
    const sender = new HeldSender();
    const { appender, clock } = appenderOn([sender], { patienceMs: 1000 });
    const late = Promise.allSettled([appender.append([to(0, 'a')])]);
    await clock.pass(100);
    const never = Promise.allSettled([appender.append([to(0, 'b')])]);
    await clock.pass(2000);
    for (const [result] of [await late, await never]) {
      expect(result).toMatchObject({ reason: { message: expect.stringContaining('no answer within 1000 ms') } });
    }
    expect(appender.bytes).toBeGreaterThan(0);
    sender.end();
    await clock.pass(100);
    expect(sender.sends).toEqual(['0x1']);
    expect(appender.bytes).toBe(0);
  });

  it('refuses a record that no batch holds, and an append of nothing', () => {
    const { appender } = appenderOn([new HeldSender()]);
    expect(() => appender.append([large('a', 1_000_000)])).toThrow(RangeError);
    expect(() => appender.append([to(0, 'a', 0)])).toThrow(RangeError);
  });

  it('cuts what is more than a batch holds, in order', async () => {
    const sender = new HeldSender(true);
    const { appender, clock } = appenderOn([sender], { maxPendingBytes: 50_000_000 });
    const records = Array.from({ length: 9 }, (_, at) => recordOf(`r${at}`, { payload: Buffer.alloc(300_000) }));
    const answer = appender.append([{ topic: 't', partition: 0, records }, to(1, 'small')]);
    await clock.pass(100);
    expect(await answer).toEqual([0, 0]);
    expect(sender.sends).toEqual(['0x3 1x1', '0x3', '0x3']);
    expect(sender.log.get('0')).toEqual(records.map(({ producer }) => producer));
  });

  it('answers right offsets and keeps the order of each partition, one send under way per producer', async () => {
    const appends = fc.array(
      fc.array(fc.tuple(fc.nat(5), fc.integer({ min: 1, max: 4 }), fc.nat(2)), { minLength: 1, maxLength: 4 }),
      { minLength: 1, maxLength: 30 },
    );
    await fc.assert(
      fc.asyncProperty(appends, fc.integer({ min: 1, max: 3 }), async (given, lanes) => {
        const senders = Array.from({ length: lanes }, () => new HeldSender(true));
        const { appender, clock } = appenderOn(senders, { maxPendingBytes: 1e9 });
        const wanted = new Map<number, string[]>();
        const calls = given.map((parts, call) => {
          const sends = parts.map(([partition, n, size], at) => {
            const payload = Buffer.alloc(size * 200_000);
            const records = Array.from({ length: n }, (_, r) => recordOf(`${call}.${at}.${r}`, { payload }));
            wanted.set(partition, [...(wanted.get(partition) ?? []), ...records.map((one) => one.producer)]);
            return { topic: 't', partition, records };
          });
          return { sends, firsts: appender.append(sends) };
        });
        await clock.pass(60_000);
        for (const { sends, firsts } of calls) {
          for (const [at, first] of (await firsts).entries()) {
            const { partition, records } = sends[at]!;
            expect(wanted.get(partition)?.[first]).toBe(records[0]?.producer);
          }
        }
        const stored = senders.flatMap(({ log }) => [...log]);
        expect(Object.fromEntries(stored)).toEqual(Object.fromEntries([...wanted].map(([p, all]) => [String(p), all])));
        expect(Math.max(...senders.map(({ mostUnderWay }) => mostUnderWay))).toBeLessThanOrEqual(1);
        expect(appender.bytes).toBe(0);
      }),
      { numRuns: 30 },
    );
  });
});
