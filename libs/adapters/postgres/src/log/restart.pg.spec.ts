import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LogRecord } from '@productgraph/contracts';
import { LogUnavailable } from '@productgraph/kernel';
import { record, recordOf, systemClock, until } from '@productgraph/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { migrate, migrationsFolder } from '../migrate.ts';
import { createPools, type Pools } from '../pool.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../server/embedded.ts';
import { createPostgresLog, type PostgresLog } from './event-log.ts';

const packageFolder = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

let folder: string;
let server: EmbeddedPostgres;
let pools: Pools;
let log: PostgresLog;
const faults: unknown[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'productgraph-restart-'));
  server = await startEmbeddedPostgres({ dataDir: folder, memoryBytes: 512 * 1024 * 1024, onLog: () => undefined });
  await migrate({ url: server.url, folder: migrationsFolder(packageFolder) });
  pools = createPools({ url: server.url });
  log = createPostgresLog({
    pools,
    clock: systemClock,
    random: Math.random,
    onFault: (_, error) => faults.push(error),
  });
  await log.start();
});

afterEach(async () => {
  await log.stop();
  await pools.end();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Appends one record after the other until told to stop. Notes what was acknowledged and what failed. */
function appendUntil(signal: AbortSignal, name: string): { acked: string[]; failed: unknown[]; done: Promise<void> } {
  const acked: string[] = [];
  const failed: unknown[] = [];
  const run = async (): Promise<void> => {
    for (let n = 0; !signal.aborted; n++) {
      const producer = `${name}.${n}`;
      try {
        await log.append([{ topic: 'events', partition: n % 4, records: [recordOf(producer)] }]);
        acked.push(producer);
      } catch (error) {
        failed.push(error);
        await systemClock.sleep(20);
      }
    }
  };
  return { acked, failed, done: run() };
}

it('loses nothing acknowledged when the server is killed twice under load, and goes on by itself', async () => {
  const reading = await record(log, 'reader', { idleMs: 100 });
  const stop = new AbortController();
  const appenders = ['a', 'b', 'c'].map((name) => appendUntil(stop.signal, name));
  for (const signal of ['SIGKILL', 'SIGQUIT'] as const) {
    const before = appenders.map(({ acked }) => acked.length);
    await until('all appenders get on', () => appenders.every(({ acked }, n) => acked.length > (before[n] ?? 0) + 20));
    const old = server.pid();
    process.kill(old, signal);
    await until('appends fail', () => appenders.every(({ failed }) => failed.length > 0));
    await until('the server is up again', () => server.pid() !== old);
  }
  const before = appenders.map(({ acked }) => acked.length);
  await until('all appenders get on again', () =>
    appenders.every(({ acked }, n) => acked.length > (before[n] ?? 0) + 20),
  );
  stop.abort();
  await Promise.all(appenders.map(({ done }) => done));

  const acked = appenders.flatMap((appender) => appender.acked);
  const read = (): string[] => [0, 1, 2, 3].flatMap((partition) => reading.names(partition));
  await until('everything acknowledged was read', () => {
    const names = new Set(read());
    return acked.every((name) => names.has(name));
  });
  for (const partition of [0, 1, 2, 3]) {
    const offsets = [...new Set(reading.records(partition).map((one) => one.offset))].sort((a, b) => a - b);
    expect(offsets).toEqual(offsets.map((_, index) => index));
  }
  for (const error of appenders.flatMap(({ failed }) => failed)) expect(error).toBeInstanceOf(LogUnavailable);
  await until('no fault is left', () => reading.faults().length === 0);
  await reading.stop();
}, 90_000);

it('takes no more than its bound of waiting bytes, says so, and keeps no more than its tail', async () => {
  const large = (): LogRecord[] =>
    Array.from({ length: 8 }, (_, n) => recordOf(`r${n}`, { payload: Buffer.alloc(1024 * 1024) }));
  await log.append([{ topic: 'events', partition: 0, records: [recordOf('warm')] }]);
  const answers = await Promise.allSettled(
    Array.from({ length: 20 }, () => log.append([{ topic: 'events', partition: 0, records: large() }])),
  );
  const refused = answers.filter((answer) => answer.status === 'rejected');
  expect(refused.length).toBeGreaterThan(0);
  expect(refused.length).toBeLessThan(20);
  for (const { reason } of refused) expect(reason).toBeInstanceOf(LogUnavailable);
  expect(log.memory().pendingBytes).toBe(0);
  expect(log.memory().tailBytes).toBeLessThanOrEqual(32 * 1024 * 1024);
});
