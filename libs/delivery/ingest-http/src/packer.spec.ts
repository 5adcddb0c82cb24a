import { eventIdHash, eventLine, type LogRecord, RECORD_LIMITS, unpackLines } from '@productgraph/contracts';
import { type Append, LogUnavailable } from '@productgraph/kernel';
import { describe, expect, it } from 'vitest';
import type { RequestOrigin } from './open-record.ts';
import { createPacker, type Packer } from './packer.ts';
import { setClock, toldFacts } from './spec-edge.ts';

const origin: RequestOrigin = { projectId: 'p1', receivedAt: 1_785_000_000_000, sentAt: null, traceparent: undefined };
const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const text = (n: number, size = 10): string => `{"n":${n},"pad":"${'x'.repeat(size)}"}`;
const lineOf = (from: RequestOrigin, n: number, size?: number): string =>
  eventLine([from.projectId, `e${n}`, from.receivedAt, 1_785_000_000_000 + n, 0, 0, from.sentAt], text(n, size));

/** A log whose appends end when told. */
function pausedLog(): {
  appends: (readonly Append[])[];
  end: (error?: Error) => void;
  append: (a: readonly Append[]) => Promise<number[]>;
} {
  const appends: (readonly Append[])[] = [];
  const waiting: PromiseWithResolvers<number[]>[] = [];
  return {
    appends,
    append(batch) {
      appends.push(batch);
      const ending = Promise.withResolvers<number[]>();
      waiting.push(ending);
      return ending.promise;
    },
    end(error) {
      const ending = waiting.shift();
      if (error === undefined) ending?.resolve([]);
      else ending?.reject(error);
    },
  };
}

interface Sending {
  readonly numbers: readonly number[];
  readonly partition?: number;
  readonly from?: RequestOrigin;
  readonly size?: number;
}

function send(packer: Packer, { numbers, partition = 0, from = origin, size }: Sending): Promise<void> {
  return packer.add((group) => {
    const lines = group.begin(from);
    for (const n of numbers) {
      const body = Buffer.from(text(n, size));
      const event = {
        body,
        start: 0,
        end: body.length,
        hasBreaks: false,
        id: `e${n}`,
        timestamp: 1_785_000_000_000 + n,
        flags: 0,
      };
      lines.add({ ...event, partition, ...eventIdHash(from.projectId, `e${n}`) });
    }
  });
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
const recordsOf = (append: readonly Append[] | undefined, partition = 0): readonly LogRecord[] =>
  append?.find((one) => one.partition === partition && one.topic === 'events')?.records ?? [];

function setUp(): { log: ReturnType<typeof pausedLog>; facts: ReturnType<typeof toldFacts>; packer: Packer } {
  const log = pausedLog();
  const facts = toldFacts();
  return { log, facts, packer: createPacker({ log, clock: setClock(), facts, producer: 'spec' }) };
}

describe('packer', () => {
  it('makes records of lines, id hashes and counts', async () => {
    const { log, facts, packer } = setUp();
    const sent = send(packer, { numbers: [1, 2], from: { ...origin, traceparent: TRACE } });
    await turn();
    const [record] = recordsOf(log.appends[0]);
    expect(record).toMatchObject({
      schema: 'events/1',
      count: 2,
      receivedAt: origin.receivedAt,
      producer: 'spec',
      traceparent: TRACE,
    });
    expect(record?.counts).toEqual({ p1: { '29750000': 2 } });
    expect(unpackLines(record!.payload)).toEqual([lineOf(origin, 1), lineOf(origin, 2)]);
    const { hi, lo } = eventIdHash('p1', 'e2');
    expect([Buffer.from(record!.ids).readUInt32BE(8), Buffer.from(record!.ids).readUInt32BE(12)]).toEqual([hi, lo]);
    log.end();
    await expect(sent).resolves.toBeUndefined();
    expect(facts.told.eventsAppended).toMatchObject([{ events: 2, records: 1 }]);
  });

  it('puts requests of one turn into one append, and tells all of them', async () => {
    const { log, packer } = setUp();
    const other = { ...origin, projectId: 'p2', receivedAt: origin.receivedAt + 60_000, sentAt: 5 };
    const both = Promise.all([
      send(packer, { numbers: [1] }),
      send(packer, { numbers: [2, 3], from: other }),
      send(packer, { numbers: [4], partition: 2 }),
      send(packer, { numbers: [5] }),
    ]);
    await turn();
    expect(log.appends).toHaveLength(1);
    const [record] = recordsOf(log.appends[0]);
    expect(unpackLines(record!.payload)).toEqual([
      lineOf(origin, 1),
      lineOf(other, 2),
      lineOf(other, 3),
      lineOf(origin, 5),
    ]);
    expect(record).toMatchObject({
      count: 4,
      receivedAt: other.receivedAt,
      counts: { p1: { '29750000': 2 }, p2: { '29750001': 2 } },
    });
    expect(recordsOf(log.appends[0], 2)).toMatchObject([{ count: 1 }]);
    log.end();
    await both;
  });

  it('cuts records at their limits', async () => {
    const { log, packer } = setUp();
    const many = send(packer, { numbers: Array.from({ length: RECORD_LIMITS.lines + 1 }, (_, n) => n) });
    const big = send(packer, { numbers: [1, 2, 3], partition: 1, size: 100_000 });
    await turn();
    expect(recordsOf(log.appends[0]).map(({ count }) => count)).toEqual([RECORD_LIMITS.lines, 1]);
    expect(recordsOf(log.appends[0], 1).map(({ payload }) => unpackLines(payload))).toEqual([
      [lineOf(origin, 1, 100_000), lineOf(origin, 2, 100_000)],
      [lineOf(origin, 3, 100_000)],
    ]);
    log.end();
    await Promise.all([many, big]);
  });

  it('gathers while four appends are on their way', async () => {
    const { log, packer } = setUp();
    const sent: Promise<void>[] = [];
    for (let n = 0; n < 8; n++) {
      sent.push(send(packer, { numbers: [n] }));
      await turn();
    }
    expect(log.appends).toHaveLength(4);
    log.end();
    await turn();
    expect(recordsOf(log.appends[4])).toMatchObject([{ count: 4 }]);
    for (let n = 0; n < 4; n++) log.end();
    await Promise.all(sent);
  });

  it('closes a group that has become large', async () => {
    const { log, packer } = setUp();
    const numbers = Array.from({ length: 30 }, (_, n) => n);
    const sent = [1, 2, 3].map(() => send(packer, { numbers, size: 99_000 }));
    await turn();
    await turn();
    expect(log.appends.map((append) => recordsOf(append).reduce((sum, { count }) => sum + count, 0))).toEqual([60, 30]);
    log.end();
    log.end();
    await Promise.all(sent);
  });

  it('fails exactly the requests of the append that failed', async () => {
    const { log, facts, packer } = setUp();
    const [first, second] = [send(packer, { numbers: [1] }), send(packer, { numbers: [2] })];
    await turn();
    const third = send(packer, { numbers: [3] });
    await turn();
    const failed = Promise.allSettled([first, second]);
    log.end(new LogUnavailable('full'));
    log.end();
    expect(await failed).toMatchObject([{ reason: { message: 'full' } }, { reason: { message: 'full' } }]);
    await third;
    expect(facts.told.appendFailed).toMatchObject([{ events: 2 }]);
    expect(facts.told.eventsAppended).toMatchObject([{ events: 1 }]);
  });

  it('goes on after a request that could not be added', async () => {
    const { log, packer } = setUp();
    await expect(
      packer.add(() => {
        throw new Error('bug');
      }),
    ).rejects.toThrow('bug');
    const sent = send(packer, { numbers: [1] });
    await turn();
    log.end();
    await sent;
    expect(log.appends).toHaveLength(1);
  });
});
