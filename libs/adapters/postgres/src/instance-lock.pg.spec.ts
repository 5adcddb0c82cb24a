import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { systemClock, until } from '@productgraph/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acquireInstanceLock, AlreadyRunning, type InstanceLock } from './instance-lock.ts';
import { createTestDatabase, type TestDatabase } from './testing/database.ts';

let database: TestDatabase;
const lost: string[] = [];
const acquire = (ttlMs = 300): Promise<InstanceLock> =>
  acquireInstanceLock({ pools: database.pools, clock: systemClock, ttlMs, onLost: (reason) => lost.push(reason) });

beforeEach(async () => {
  database = await createTestDatabase();
  lost.length = 0;
});
afterEach(() => database.drop());

const setPlace = async (pid: number, started: string, machine: string): Promise<void> => {
  const place = JSON.stringify({ host: hostname(), pid, started, machine });
  await database.pools.app.query(
    `INSERT INTO leases VALUES ('starter', 'other', $1, now() + interval '1 hour')
     ON CONFLICT (name) DO UPDATE SET holder = 'other', place = $1`,
    [place],
  );
};

const thisMachine = `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`;

describe('the instance lock', () => {
  it('lets one in, names the holder to the second, and the next one in after release', async () => {
    const lock = await acquire();
    await expect(acquire()).rejects.toThrow(
      `ProductGraph already runs on this database (process ${process.pid} on ${hostname()})`,
    );
    await lock.release();
    await (await acquire()).release();
  });

  it('lets exactly one of many in', async () => {
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => acquire()));
    const winners = results.filter((result) => result.status === 'fulfilled');
    expect(winners.length).toBe(1);
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(AlreadyRunning);
    await winners[0]?.value.release();
  });

  it('is kept by its heartbeat for longer than its time to live', async () => {
    const lock = await acquire(150);
    await systemClock.sleep(500);
    await expect(acquire()).rejects.toThrow(AlreadyRunning);
    await lock.release();
    expect(lost).toEqual([]);
  });

  it('is taken over at once from a process of this machine that died', async () => {
    const child = spawn('true');
    await once(child, 'exit');
    await setPlace(child.pid ?? 0, '1', thisMachine);
    await (await acquire()).release();
  });

  it('is not taken over from a live process, nor from another machine whose process ids mean nothing here', async () => {
    await setPlace(process.pid, '', 'another boot');
    await expect(acquire()).rejects.toThrow(AlreadyRunning);
    const stat = readFileSync(`/proc/${process.pid}/stat`, 'utf8');
    const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
    await setPlace(process.pid, started, thisMachine);
    await expect(acquire()).rejects.toThrow(AlreadyRunning);
  });

  it('is taken over from anywhere once its time to live is over, and the old holder is told', async () => {
    const lock = await acquire(200);
    await database.pools.app.query(`UPDATE leases SET holder = 'thief'`);
    await until('the loss is told', () => lost.length > 0);
    expect(lost).toEqual(['Another process has taken over this database.']);
    await lock.release();
    await expect(acquire()).rejects.toThrow(AlreadyRunning);
    await database.pools.app.query(`UPDATE leases SET expires_at = now() - interval '1 second'`);
    await (await acquire()).release();
  });
});
