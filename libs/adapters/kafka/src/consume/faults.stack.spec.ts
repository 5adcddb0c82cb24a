import type { Subscription } from '@productgraph/kernel';
import { record, recordOf, systemClock, until } from '@productgraph/testing';
import { testStack } from '@productgraph/tools/stack';
import { Kafka, logLevel } from 'kafkajs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKafkaLog, standardTopics } from '../index.ts';
import { openTestLogs, testBrokers, type TestLogs } from '../testing/fixture.ts';
import { startLoad } from '../testing/load.ts';
import { SharedState } from '../testing/shared-state.ts';

const stack = testStack();
const BROKERS = ['kafka-1', 'kafka-2', 'kafka-3'];
let logs: TestLogs;
beforeEach(async () => void (logs = await openTestLogs()));
afterEach(async () => {
  // Whatever became of the test, the next one needs all of them.
  for (const broker of BROKERS) await stack.start(broker);
  await logs.close();
});

const eventsTopic = (): string => `${logs.prefix}events`;
const append = (names: readonly string[], partition = 0): Promise<number[]> =>
  logs.log.append([{ topic: 'events', partition, records: names.map((name) => recordOf(name)) }]);

/** Consumes as the group `g`. */
const join = (log: TestLogs['log'], state: SharedState, workMs = 2): Promise<Subscription> =>
  log.consume({
    group: 'g',
    topics: ['events'],
    handler: state.handler(undefined, workMs),
    idleMs: 200,
    maxRecords: 16,
  });

describe('a group', () => {
  it('handles every record once and in order while members join and leave under load', async () => {
    const state = new SharedState();
    const third = createKafkaLog({
      connection: { brokers: testBrokers() },
      topics: standardTopics({ partitions: 4, dedupeWindow: 1000 }),
      clock: systemClock,
      random: Math.random,
      prefix: logs.prefix,
    });
    const load = startLoad(logs.log, { appenders: 12 });
    const a = await join(logs.log, state);
    await systemClock.sleep(1000);
    const b = await join(logs.other, state);
    await until('both have two', async () => (await a.lag()).length === 2 && (await b.lag()).length === 2);
    const c = await join(third, state);
    await systemClock.sleep(1500);
    await a.stop();
    await systemClock.sleep(1500);
    const again = await join(logs.log, state);
    await systemClock.sleep(1000);
    await Promise.all([b.stop(), c.stop()]);
    await systemClock.sleep(1000);
    await load.stop();
    const acknowledged = load.fates.filter(({ offset }) => offset !== null);
    await until('all is handled', () => state.total >= acknowledged.length);
    await until('lag is nought', async () => (await again.lag()).every(({ records }) => records === 0));
    await again.stop();
    await third.stop();
    expect(state.total).toBe(acknowledged.length);
    for (const { name, partition, offset } of acknowledged) expect(state.of(partition).names[offset ?? -1]).toBe(name);
    console.log(`${state.total} records over 5 rebalances, ${state.misses} batches given up to another member`);
  });

  it('goes on without a break with the partitions that stay', async () => {
    const a = await record(logs.log, 'g');
    await until('all are assigned', () => a.calls.filter((call) => call.startsWith('assigned')).length === 4);
    const b = await record(logs.other, 'g');
    await until('the other has two', () => b.calls.filter((call) => call.startsWith('assigned')).length === 2);
    await until('two are revoked', () => a.calls.filter((call) => call.startsWith('revoked')).length === 2);
    await Promise.all([0, 1, 2, 3].map((partition) => append(['r'], partition)));
    await until('all is read', () => [...a.batches, ...b.batches].length === 4);
    expect(a.calls.filter((call) => call.startsWith('assigned'))).toHaveLength(4);
    await b.stop();
    await until('all are back', () => a.calls.filter((call) => call.startsWith('assigned')).length === 6);
    await a.stop();
  });

  it('leaves at once, so that another member need not wait for the end of its session', async () => {
    const a = await record(logs.log, 'g');
    const b = await record(logs.other, 'g');
    await until('both have some', () => b.calls.filter((call) => call.startsWith('assigned')).length === 2);
    const began = Date.now();
    await a.stop();
    await until('the other has all', () => b.calls.filter((call) => call.startsWith('assigned')).length === 4);
    console.log(`left, and taken over by the other member after ${Date.now() - began} ms`);
    expect(Date.now() - began).toBeLessThan(5000);
    await b.stop();
  });

  it('goes on by itself after each broker was killed and started again', async () => {
    const state = new SharedState();
    const load = startLoad(logs.log, { appenders: 8 });
    const a = await join(logs.log, state);
    for (const broker of BROKERS) {
      await stack.kill(broker);
      await systemClock.sleep(1000);
      await stack.start(broker);
      const before = state.total;
      const began = Date.now();
      await until(`records are handled after ${broker}`, () => state.total > before + 100);
      console.log(`${broker} killed: handling again ${Date.now() - began} ms after it is back`);
    }
    await load.stop();
    const acknowledged = load.fates.filter(({ offset }) => offset !== null);
    await until('all is handled', () =>
      acknowledged.every(({ name, partition, offset }) => state.of(partition).names[offset ?? -1] === name),
    );
    await a.stop();
  });

  it('is served while a batch takes longer than the session', async () => {
    const batch = Promise.withResolvers<undefined>();
    const a = await record(logs.log, 'g', { batch: () => batch.promise });
    await append(['r']);
    await until('a batch is in hand', () => a.batches.length === 1);
    await systemClock.sleep(8000);
    batch.resolve(undefined);
    await append(['s']);
    await until('the next was read', () => a.names().includes('s'));
    expect(a.calls.filter((call) => call.startsWith('assigned'))).toHaveLength(4);
    expect(logs.faults).toEqual([]);
    await a.stop();
  });
});

describe('reading', () => {
  it('tells log_trimmed when records are deleted between the look at the log and the fetch', async () => {
    await append(Array.from({ length: 40 }, (_, at) => `r${at}`));
    const partitions = [{ partition: 0, offset: '30' }];
    const reading = await record(logs.log, 'g', {
      assigned: async ({ partition }) => {
        if (partition !== 0) return 0;
        await logs.admin.fetchTopicOffsets(eventsTopic());
        await logs.admin.deleteTopicRecords({ topic: eventsTopic(), partitions });
        return 10;
      },
    });
    await until('the fault is shown', () => reading.faults().length === 1);
    expect(reading.faults()[0]?.error).toMatch(/^log_trimmed/u);
    expect(reading.names()).toEqual([]);
    await reading.stop();
  });

  it('passes over what this product has not written, and tells it', async () => {
    await append(['before']);
    const stranger = new Kafka({ brokers: testBrokers(), logLevel: logLevel.NOTHING }).producer();
    await stranger.connect();
    await stranger.send({ topic: eventsTopic(), messages: [{ partition: 0, value: 'junk' }] });
    await stranger.disconnect();
    await append(['after']);
    const reading = await record(logs.log, 'g');
    await until('all is read', () => reading.names().includes('after'));
    expect(reading.records().map(({ producer, schema, count }) => [producer, schema, count])).toEqual([
      ['before', 'events/1', 1],
      ['', 'control/1', 0],
      ['after', 'events/1', 1],
    ]);
    expect(logs.faults).toContain(`read a record: record_not_ours: ${eventsTopic()}[0] at 1: header schema is missing`);
    await reading.stop();
  });

  it('keeps to its memory with a handler that stands still, and loses nothing', async () => {
    const small = await openTestLogs({ queueBytes: 100_000 });
    const release = Promise.withResolvers<undefined>();
    const reading = await record(small.log, 'g', { batch: () => release.promise });
    const payload = Buffer.alloc(50_000);
    for (let turn = 0; turn < 20; turn++) {
      const records = Array.from({ length: 10 }, (_, at) => recordOf(`${turn}.${at}`, { payload }));
      await small.log.append([{ topic: 'events', partition: 0, records }]);
    }
    await systemClock.sleep(500);
    expect(small.log.memory().fetchedBytes).toBeLessThan(1_300_000);
    release.resolve(undefined);
    await until('all is read', () => reading.records().length === 200);
    expect(reading.records().map(({ offset }) => offset)).toEqual(Array.from({ length: 200 }, (_, at) => at));
    await reading.stop();
    await small.close();
  });

  it('goes on when the replica in its own rack dies', async () => {
    const near = createKafkaLog({
      connection: { brokers: testBrokers(), rack: 'az-b' },
      topics: standardTopics({ partitions: 4, dedupeWindow: 1000 }),
      clock: systemClock,
      random: Math.random,
      prefix: logs.prefix,
    });
    const reading = await record(near, 'g');
    for (let turn = 0; turn < 10; turn++) {
      await append([`before ${turn}`], turn % 4);
      await systemClock.sleep(50);
    }
    const read = (): number => reading.batches.flatMap(({ records }) => records).length;
    await until('all is read', () => read() >= 10);
    await stack.kill('kafka-2');
    const began = Date.now();
    await Promise.all([0, 1, 2, 3].map((partition) => append(['after'], partition)));
    // Faults on the way lead to `assigned` again, and this handler begins at the log's low end each time.
    await until('all is read', () => [0, 1, 2, 3].every((one) => reading.names(one).includes('after')));
    console.log(`the replica in the rack killed: everything read ${Date.now() - began} ms later`);
    await stack.start('kafka-2');
    await reading.stop();
    await near.stop();
  });

  it('shows a fault when its topic is deleted, and stops when told', async () => {
    const reading = await record(logs.log, 'g', { idleMs: 200 });
    await until('all are assigned', () => reading.calls.filter((call) => call.startsWith('assigned')).length === 4);
    await logs.admin.deleteTopics({ topics: [eventsTopic()] });
    await until('a fault is shown', () => reading.faults().length > 0 || logs.faults.length > 0);
    await reading.stop();
  });
});
