import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventLogFactory, EventLogFixture } from './tools.ts';
import { partitionOf, record, recordOf, recordsOf, TOPIC, until } from './tools.ts';

/** Faults, being behind, and trimming. */
export function faultCases(open: EventLogFactory): void {
  let fixture: EventLogFixture;
  beforeEach(async () => void (fixture = await open()));
  afterEach(() => fixture.close());

  retryCases(() => fixture);
  rangeCases(() => fixture);
  lagCases(() => fixture);
  trimCases(() => fixture);
}

function retryCases(fixture: () => EventLogFixture): void {
  describe('a fault in the handler', () => {
    it('is shown, waited out with a growing delay, and leads to assigned again', async () => {
      const { log } = fixture();
      await log.append([{ topic: TOPIC, partition: 0, records: recordsOf('r', 2) }]);
      const times: number[] = [];
      const reading = await record(log, 'g', {
        batch: () => {
          times.push(Date.now());
          if (times.length <= 3) throw new Error(`fault ${times.length}`);
          return undefined;
        },
      });
      await until('the first fault is shown', () => reading.faults().length === 1);
      expect(reading.faults()[0]?.error).toMatch(/^fault \d$/u);
      expect(reading.faults()[0]?.partition).toMatchObject({ topic: TOPIC, partition: 0 });
      await until('it is over', () => times.length === 4 && reading.faults().length === 0);
      expect(reading.calls.filter((call) => call === 'assigned 0').length).toBe(4);
      expect(reading.calls.filter((call) => call === 'revoked 0').length).toBe(0);
      const [first = 0, second = 0, third = 0, fourth = 0] = times;
      expect(fourth - third).toBeGreaterThan(second - first);
      expect(reading.overlapped()).toBe(false);
      await reading.stop();
    });

    it('in one partition does not stop the others', async () => {
      const { log } = fixture();
      const reading = await record(log, 'g', {
        assigned: (ref, marks) => {
          if (ref.partition === 0) throw new Error('not this one');
          return marks.low;
        },
      });
      await log.append([1, 2, 3].map((partition) => ({ topic: TOPIC, partition, records: recordsOf('r', 1) })));
      await until('the others are read', () => [1, 2, 3].every((partition) => reading.names(partition).length === 1));
      expect(reading.faults().map((fault) => fault.partition.partition)).toEqual([0]);
      await reading.stop();
    });
  });
}

function rangeCases(fixture: () => EventLogFixture): void {
  it('names a position beyond the end of the log', async () => {
    const { log } = fixture();
    const reading = await record(log, 'g', { assigned: (ref) => (ref.partition === 0 ? 17 : 0) });
    await until('the fault is shown', () => reading.faults().length === 1);
    expect(reading.faults()[0]?.error).toMatch(/^log_went_back/u);
    await reading.stop();
  });
}

function lagCases(fixture: () => EventLogFixture): void {
  describe('lag', () => {
    it('tells position, records and age of the oldest unread record of each partition', async () => {
      const { log } = fixture();
      const receivedAt = Date.now() - 60_000;
      const release = Promise.withResolvers<undefined>();
      const reading = await record(log, 'g', { maxRecords: 2, batch: () => release.promise });
      const records = Array.from({ length: 5 }, (_, n) => recordOf(`r${n}`, { receivedAt: receivedAt + n * 1000 }));
      await log.append([{ topic: TOPIC, partition: 0, records }]);
      await until('a batch is in hand', () => reading.batches.length === 1);
      const [first, second] = await reading.lag();
      expect(first).toMatchObject({ group: 'g', topic: TOPIC, generation: 1, partition: 0, position: 0, records: 5 });
      expect(first?.milliseconds).toBeGreaterThanOrEqual(60_000);
      expect(first?.milliseconds).toBeLessThan(75_000);
      expect(second).toMatchObject({ partition: 1, position: 0, records: 0, milliseconds: 0 });
      release.resolve(undefined);
      await until('it has caught up', async () => (await reading.lag()).every((one) => one.records === 0));
      expect((await reading.lag())[0]).toMatchObject({ position: 5, records: 0, milliseconds: 0 });
      await reading.stop();
    });
  });
}

function trimCases(fixture: () => EventLogFixture): void {
  describe('trimming', () => {
    it('drops what no group keeps, and nothing more', async () => {
      const { log } = fixture();
      const ref = await partitionOf(log);
      const readers = await Promise.all(['quick', 'slow'].map((group) => record(log, group)));
      await log.append([{ topic: TOPIC, partition: 0, records: recordsOf('r', 60) }]);
      await until('both have read', () => readers.every((reader) => reader.records().length === 60));
      await fixture().trim();
      expect(await log.watermarks(ref)).toEqual({ low: 0, high: 60 });
      await log.commit({ ...ref, group: 'quick' }, 60, 60);
      await fixture().trim();
      expect(await log.watermarks(ref)).toEqual({ low: 0, high: 60 });
      await log.commit({ ...ref, group: 'slow' }, 60, 33);
      await fixture().trim();
      const { low, high } = await log.watermarks(ref);
      expect(high).toBe(60);
      expect(low).toBeLessThanOrEqual(33);
      expect(low).toBeGreaterThan(33 - 8 - 1);
      const late = await record(log, 'late', { assigned: (_, marks) => marks.low });
      await until('the rest was read', () => late.records().length === 60 - low);
      expect(late.records()[0]?.offset).toBe(low);
      await Promise.all([...readers, late].map((reader) => reader.stop()));
    });

    it('is named when a group asks for what is gone', async () => {
      const { log } = fixture();
      const ref = await partitionOf(log);
      const reader = await record(log, 'g');
      await log.append([{ topic: TOPIC, partition: 0, records: recordsOf('r', 40) }]);
      await until('it was read', () => reader.records().length === 40);
      await log.commit({ ...ref, group: 'g' }, 40, 40);
      await reader.stop();
      await fixture().trim();
      const late = await record(log, 'g', { assigned: (one) => (one.partition === 0 ? 1 : 0) });
      await until('the fault is shown', () => late.faults().length === 1);
      expect(late.faults()[0]?.error).toMatch(/^log_trimmed/u);
      await late.stop();
    });
  });
}
