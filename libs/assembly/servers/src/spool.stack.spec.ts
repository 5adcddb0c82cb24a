import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKafkaLog, standardTopics, type KafkaLog } from '@productgraph/adapter-kafka';
import { createTelemetry, type Logger } from '@productgraph/platform-telemetry';
import { record, recordOf, systemClock, until } from '@productgraph/testing';
import { testStack } from '@productgraph/tools/stack';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openIntake, type OpenIntake } from './spool.ts';

const BROKERS = ['kafka-1', 'kafka-2', 'kafka-3'];
const PARTITIONS = [0, 1, 2, 3];
const stack = testStack();

const ignore = (): void => undefined;
const logger: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

let folder: string;
let log: KafkaLog;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spool-'));
  log = createKafkaLog({
    connection: { brokers: stack.settings.KAFKA_BROKERS?.split(',') ?? [] },
    topics: standardTopics({ partitions: PARTITIONS.length, dedupeWindow: 1_000 }),
    clock: systemClock,
    random: Math.random,
    prefix: `spool-${randomUUID().slice(0, 8)}.`,
  });
  await log.start();
});
afterEach(async () => {
  for (const broker of BROKERS) await stack.start(broker);
  await log.stop();
  await rm(folder, { recursive: true, force: true });
});

function open(): Promise<OpenIntake> {
  const telemetry = createTelemetry({ logger, now: Date.now, runtimeMetrics: false });
  return openIntake({ clock: systemClock, random: Math.random, telemetry }, { folder, maxMb: 100 }, log);
}

interface Load {
  /** Acknowledged names by partition, in order. */
  readonly acknowledged: readonly string[][];
  readonly failures: unknown[];
  stop(): Promise<void>;
}

/** One appender a partition, each append after the one before it was acknowledged. */
function startLoad(intake: OpenIntake, life: string): Load {
  const acknowledged: string[][] = PARTITIONS.map(() => []);
  const failures: unknown[] = [];
  let isRunning = true;
  const run = async (partition: number): Promise<void> => {
    for (let n = 0; isRunning; n++) {
      const name = `${life}.${partition}.${n}`;
      const append = { topic: 'events', partition, records: [recordOf(name)] } as const;
      await intake.log.append([append]).then(
        () => acknowledged[partition]?.push(name),
        (error: unknown) => failures.push(error),
      );
      await systemClock.sleep(10);
    }
  };
  const all = Promise.all(PARTITIONS.map(run));
  return {
    acknowledged,
    failures,
    async stop() {
      isRunning = false;
      await all;
    },
  };
}

const count = ({ acknowledged }: Load): number => acknowledged.flat().length;

const isEmpty = (intake: OpenIntake): boolean => intake.state?.().state === 'ok';

async function patiently(what: string, holds: () => boolean): Promise<void> {
  for (let n = 0; n < 4 && !holds(); n++) await until(what, holds).catch(ignore);
  await until(what, holds);
}

/** Names in the log by partition, first occurrences in order, and how many records there are more. */
async function stored(): Promise<{ readonly names: string[][]; readonly repeats: number }> {
  const reading = await record(log, 'check');
  const marks = await Promise.all(
    PARTITIONS.map((partition) => log.watermarks({ topic: 'events', generation: 1, partition })),
  );
  const high = marks.reduce((sum, mark) => sum + mark.high, 0);
  await until(`${high} records are read`, () => PARTITIONS.flatMap((one) => reading.names(one)).length >= high);
  const all = PARTITIONS.map((partition) => reading.names(partition));
  await reading.stop();
  const names = all.map((some) => [...new Set(some)]);
  return { names, repeats: high - names.flat().length };
}

describe('a spool before Kafka', () => {
  it('acknowledges while all brokers are dead, over a restart of the process, and loses and reorders nothing', async () => {
    const one = await open();
    const first = startLoad(one, 'one');
    await until('it runs', () => count(first) > 100);
    for (const broker of BROKERS) await stack.kill(broker);
    const before = count(first);
    await until('appends go to the spool', () => count(first) > before + 200);
    await first.stop();
    expect(one.state?.()).toMatchObject({ state: 'behind' });
    await one.stop();

    const two = await open();
    const second = startLoad(two, 'two');
    await until('the next process spools at once', () => count(second) > 200);
    await Promise.all(BROKERS.map((broker) => stack.start(broker)));
    await patiently('the spool is empty under load', () => isEmpty(two));
    const drained = count(second);
    await until('appends go on', () => count(second) > drained + 100);
    await second.stop();
    await two.stop();

    const { names, repeats } = await stored();
    console.log(`${count(first)} and ${count(second)} acknowledged, ${repeats} repeats`);
    expect([...first.failures, ...second.failures]).toEqual([]);
    const acknowledged = PARTITIONS.map((one) => [
      ...(first.acknowledged[one] ?? []),
      ...(second.acknowledged[one] ?? []),
    ]);
    expect(names).toEqual(acknowledged);
  });
});
