import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventLogFactory, EventLogFixture } from './tools.ts';
import { partitionOf, record, recordOf, recordsOf, TOPIC, until } from './tools.ts';

/** What an append promises. */
export function appendCases(open: EventLogFactory): void {
  let fixture: EventLogFixture;
  beforeEach(async () => void (fixture = await open()));
  afterEach(() => fixture.close());

  describe('topics', () => {
    it('tells a topic, the same at every call and to every process', async () => {
      const topic = await fixture.log.topic(TOPIC);
      expect(topic).toEqual({ topic: TOPIC, generation: 1, partitions: 4, dedupeWindow: 1000 });
      expect(await fixture.other.topic(TOPIC)).toEqual(topic);
    });

    it('does not deduplicate topics other than events', async () => {
      expect(await fixture.log.topic('sessions')).toMatchObject({ topic: 'sessions', dedupeWindow: 0 });
    });
  });

  describe('offsets', () => {
    it('begin at 0 and go on without a gap, per partition', async () => {
      const { log } = fixture;
      expect(await log.append([{ topic: TOPIC, partition: 0, records: recordsOf('a', 3) }])).toEqual([0]);
      expect(await log.append([{ topic: TOPIC, partition: 1, records: recordsOf('b', 2) }])).toEqual([0]);
      expect(await log.append([{ topic: TOPIC, partition: 0, records: recordsOf('c', 1) }])).toEqual([3]);
      expect(await log.watermarks(await partitionOf(log, 0))).toEqual({ low: 0, high: 4 });
      expect(await log.watermarks(await partitionOf(log, 1))).toEqual({ low: 0, high: 2 });
      expect(await log.watermarks(await partitionOf(log, 2))).toEqual({ low: 0, high: 0 });
    });

    it('answers the first offset of each append in the order given, one partition twice included', async () => {
      const firsts = await fixture.log.append([
        { topic: TOPIC, partition: 3, records: recordsOf('a', 2) },
        { topic: TOPIC, partition: 1, records: recordsOf('b', 1) },
        { topic: TOPIC, partition: 3, records: recordsOf('c', 2) },
        { topic: 'quarantine', partition: 0, records: recordsOf('d', 1) },
      ]);
      expect(firsts).toEqual([0, 0, 2, 0]);
    });

    it('answers nothing for nothing', async () => {
      expect(await fixture.log.append([])).toEqual([]);
    });
  });

  atomicCases(() => fixture);
  concurrentCases(() => fixture);
  contentCases(() => fixture);
}

function atomicCases(fixture: () => EventLogFixture): void {
  it('writes all partitions of an append or none', async () => {
    const { log } = fixture();
    const appends = [0, 1, 99].map((partition) => ({ topic: TOPIC, partition, records: recordsOf('x', 2) }));
    await expect(log.append(appends)).rejects.toThrow(RangeError);
    expect(await log.watermarks(await partitionOf(log, 0))).toEqual({ low: 0, high: 0 });
    await expect(log.watermarks(await partitionOf(log, 99))).rejects.toThrow(RangeError);
  });
}

function concurrentCases(fixture: () => EventLogFixture): void {
  it('keeps offsets gapless and each append together with 50 appenders at once in two processes', async () => {
    const { log, other } = fixture();
    const answers: { name: string; partition: number; first: number }[] = [];
    const appender = async (n: number): Promise<void> => {
      for (let turn = 0; turn < 6; turn++) {
        const name = `a${n}t${turn}r`;
        const appends = [n % 4, (n + 1) % 4].map((partition) => ({
          topic: TOPIC,
          partition,
          records: recordsOf(name, 3),
        }));
        const firsts = await (n % 5 === 0 ? other : log).append(appends);
        appends.forEach(({ partition }, index) => answers.push({ name, partition, first: firsts[index] ?? -1 }));
      }
    };
    await Promise.all(Array.from({ length: 50 }, (_, n) => appender(n)));
    const reading = await record(log, 'reader');
    await until('everything was read', () => reading.batches.flatMap((batch) => batch.records).length === 50 * 6 * 6);
    for (const partition of [0, 1, 2, 3]) {
      const records = reading.records(partition);
      expect(records.map((one) => one.offset)).toEqual(records.map((_, index) => index));
    }
    for (const { name, partition, first } of answers) {
      const names = reading.names(partition).slice(first, first + 3);
      expect(names).toEqual([0, 1, 2].map((index) => `${name}${index}`));
    }
    await reading.stop();
  });

  it('keeps the order of one caller that does not wait', async () => {
    const { log } = fixture();
    const names = Array.from({ length: 200 }, (_, n) => `r${n}`);
    await Promise.all(names.map((name) => log.append([{ topic: TOPIC, partition: 2, records: [recordOf(name)] }])));
    const reading = await record(log, 'reader');
    await until('everything was read', () => reading.records(2).length === names.length);
    expect(reading.names(2)).toEqual(names);
    await reading.stop();
  });
}

function contentCases(fixture: () => EventLogFixture): void {
  const everyByte = Buffer.from(Array.from({ length: 256 }, (_, n) => n));
  const contents = [
    recordOf('every byte', { payload: everyByte, ids: everyByte, count: 32 }),
    recordOf('empty', { payload: Buffer.alloc(0), ids: Buffer.alloc(0), counts: {}, schema: 'control/1', count: 0 }),
    recordOf('traced', {
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      schema: 'sessions/1',
    }),
    recordOf('large "quoted" ünïcödé \\', { payload: Buffer.alloc(200_000, 7), receivedAt: 8.64e15 }),
    recordOf('counts', { counts: { p1: { '1': 2, '3': 4 }, 'p"2\\': { '5': 6 } } }),
  ];

  it.each(['log', 'other'] as const)('gives every field back as it was (read by: %s)', async (reader) => {
    const { log, other } = fixture();
    await log.append([{ topic: TOPIC, partition: 0, records: contents }]);
    const reading = await record(reader === 'log' ? log : other, 'reader');
    await until('everything was read', () => reading.records().length === contents.length);
    const plain = (one: (typeof contents)[number]): unknown => ({
      ...one,
      payload: Buffer.from(one.payload).toString('hex'),
      ids: Buffer.from(one.ids).toString('hex'),
    });
    expect(reading.records().map(plain)).toEqual(
      contents.map((one, offset) => plain({ ...one, offset } as typeof one)),
    );
    await reading.stop();
  });
}
