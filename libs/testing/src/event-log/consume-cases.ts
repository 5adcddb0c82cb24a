import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventLogFactory, EventLogFixture } from './tools.ts';
import { record, recordsOf, systemClock, TOPIC, until } from './tools.ts';

/** What a consumer may rely on while nothing goes wrong. */
export function consumeCases(open: EventLogFactory): void {
  let fixture: EventLogFixture;
  const append = (prefix: string, n: number, partition = 0): Promise<number[]> =>
    fixture.log.append([{ topic: TOPIC, partition, records: recordsOf(prefix, n) }]);
  beforeEach(async () => void (fixture = await open()));
  afterEach(() => fixture.close());

  describe('reading', () => {
    it('gives batches of at most maxRecords in order, one call at a time, with the high watermark', async () => {
      await append('r', 25);
      const reading = await record(fixture.log, 'g', { maxRecords: 10, batch: () => systemClock.sleep(5) as never });
      await until('everything was read', () => reading.records().length === 25);
      expect(reading.calls.filter((call) => call.startsWith('batch 0'))).toEqual([
        'batch 0 0..9',
        'batch 0 10..19',
        'batch 0 20..24',
      ]);
      expect(reading.batches.map((batch) => batch.high)).toEqual([25, 25, 25]);
      expect(reading.overlapped()).toBe(false);
      await reading.stop();
    });

    it.each([0, 7, 24, 25])('begins where the handler says (offset %i)', async (from) => {
      await append('r', 25);
      const reading = await record(fixture.log, 'g', { assigned: (ref) => (ref.partition === 0 ? from : 0) });
      await until(
        'all partitions are assigned',
        () => reading.calls.filter((c) => c.startsWith('assigned')).length === 4,
      );
      await append('later', 1);
      await until('the last one was read', () => reading.names().includes('later0'));
      expect(reading.records().map((one) => one.offset)).toEqual(Array.from({ length: 26 - from }, (_, n) => from + n));
      await reading.stop();
    });
  });

  togetherCases(() => fixture);
  seekCases(() => fixture);
  idleCases(() => fixture);
  stopCases(() => fixture);
}

function togetherCases(fixture: () => EventLogFixture): void {
  it.each(['log', 'other'] as const)('wakes up for an append by: %s', async (by) => {
    const reading = await record(fixture().log, 'g', { idleMs: 60_000 });
    await until('all partitions are assigned', () => reading.calls.length === 4);
    const began = Date.now();
    await fixture()[by].append([{ topic: TOPIC, partition: 1, records: recordsOf('r', 1) }]);
    await until('it was read', () => reading.names(1).length === 1);
    expect(Date.now() - began).toBeLessThan(3000);
    await reading.stop();
  });

  it('serves groups independently: one that stands still holds nobody up', async () => {
    const release = Promise.withResolvers<undefined>();
    const slow = await record(fixture().log, 'slow', { maxRecords: 3, batch: () => release.promise });
    const quick = await record(fixture().log, 'quick');
    await fixture().log.append([{ topic: TOPIC, partition: 0, records: recordsOf('a', 3) }]);
    await fixture().log.append([{ topic: TOPIC, partition: 0, records: recordsOf('b', 3) }]);
    await until('the quick one has all', () => quick.records().length === 6);
    expect(slow.records().length).toBeLessThan(6);
    release.resolve(undefined);
    await until('the slow one has all', () => slow.records().length === 6);
    await Promise.all([slow.stop(), quick.stop()]);
  });
}

function seekCases(fixture: () => EventLogFixture): void {
  describe('seeking', () => {
    it.each([
      { title: 'back', to: 2, then: ['r2', 'r3', 'r4', 'r5'] },
      { title: 'forward', to: 9, then: ['r9'] },
      { title: 'to the end', to: 10, then: [] },
    ])('goes $title when a batch answers another offset', async ({ to, then }) => {
      const { log } = fixture();
      await log.append([{ topic: TOPIC, partition: 0, records: recordsOf('r', 10) }]);
      let sought = false;
      const reading = await record(log, 'g', {
        maxRecords: 4,
        batch: ({ records }) => (sought || records[0]?.offset !== 4 ? undefined : ((sought = true), to)),
      });
      await log.append([{ topic: TOPIC, partition: 0, records: recordsOf('last', 1) }]);
      await until('the end was read', () => reading.names().includes('last0') && sought);
      expect(reading.names().slice(8, 8 + then.length)).toEqual(then);
      await reading.stop();
    });

    it('goes back when idle answers an offset', async () => {
      const { log } = fixture();
      await log.append([{ topic: TOPIC, partition: 0, records: recordsOf('r', 3) }]);
      let sought = false;
      const reading = await record(log, 'g', {
        idleMs: 20,
        idle: (ref) => (ref.partition !== 0 || sought ? null : ((sought = true), 1)),
      });
      await until('it was read again', () => reading.names().length === 5);
      expect(reading.names()).toEqual(['r0', 'r1', 'r2', 'r1', 'r2']);
      await reading.stop();
    });
  });
}

function idleCases(fixture: () => EventLogFixture): void {
  describe('idle', () => {
    it('is called again and again at the end, not while records are unread', async () => {
      const { log } = fixture();
      await log.append([{ topic: TOPIC, partition: 0, records: recordsOf('r', 30) }]);
      const reading = await record(log, 'g', { maxRecords: 1, idleMs: 30, batch: () => systemClock.sleep(4) as never });
      await until('idle came three times', () => reading.calls.filter((call) => call === 'idle 0').length >= 3);
      const own = reading.calls.filter((call) => call.includes(' 0'));
      expect(own.indexOf('idle 0')).toBeGreaterThan(own.indexOf('batch 0 29..29'));
      await reading.stop();
    });

    it('is called in time although records keep coming', async () => {
      const { log } = fixture();
      const reading = await record(log, 'g', { idleMs: 100 });
      for (let n = 0; n < 40 && !reading.calls.includes('idle 0'); n++) {
        await log.append([{ topic: TOPIC, partition: 0, records: recordsOf('r', 1) }]);
        await systemClock.sleep(20);
      }
      expect(reading.calls).toContain('idle 0');
      await reading.stop();
    });
  });
}

function stopCases(fixture: () => EventLogFixture): void {
  it('stops: lets the batch in hand finish, revokes each partition, calls nothing afterwards', async () => {
    const { log } = fixture();
    await log.append([{ topic: TOPIC, partition: 0, records: recordsOf('r', 5) }]);
    const release = Promise.withResolvers<undefined>();
    const reading = await record(log, 'g', { maxRecords: 2, batch: () => release.promise });
    await until('a batch is in hand', () => reading.batches.length === 1);
    const stopped = reading.stop();
    await systemClock.sleep(20);
    expect(reading.calls).not.toContain('revoked 0');
    release.resolve(undefined);
    await stopped;
    const calls = [...reading.calls];
    expect(calls.filter((call) => call.startsWith('revoked')).sort()).toEqual([0, 1, 2, 3].map((n) => `revoked ${n}`));
    expect(reading.batches.length).toBe(1);
    await log.append([{ topic: TOPIC, partition: 0, records: recordsOf('later', 1) }]);
    await systemClock.sleep(30);
    expect(reading.calls).toEqual(calls);
  });
}
