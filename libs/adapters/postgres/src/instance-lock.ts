import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Clock } from '@productgraph/kernel';
import { isRetryable } from './faults.ts';
import type { Pools } from './pool.ts';
import { isAlive, startTimeOf } from './server/ownership.ts';
import { runStatement } from './statement.ts';

/** Another live process runs on this database; the message is one sentence for people. */
export class AlreadyRunning extends Error {
  override readonly name = 'AlreadyRunning';
}

export interface InstanceLockOptions {
  readonly pools: Pools;
  readonly clock: Clock;
  /** What only one process may do. Default `starter`. */
  readonly name?: string;
  /** A dead holder on another machine is waited for this long, milliseconds. Default 15,000; heartbeats at a third of it. */
  readonly ttlMs?: number;
  /** Another process has taken over, because this one was paused for longer than the time to live: stop working. */
  readonly onLost: (reason: string) => void;
}

export interface InstanceLock {
  /** Ends the heartbeat and lets the next process in at once. */
  release(): Promise<void>;
}

/**
 * One Starter per database: a leased row with a heartbeat, which works the same directly and behind PgBouncer. A holder that
 * died on this machine is replaced at once, one elsewhere after its lease has run out. The lock keeps two Starters from
 * working against each other; what is durable is safe without it (compare-and-set, conditional writes).
 * @throws AlreadyRunning when another process holds it
 */
export async function acquireInstanceLock(options: InstanceLockOptions): Promise<InstanceLock> {
  const { pools, name = 'starter', ttlMs = 15_000 } = options;
  const lease: Lease = { name, holder: randomUUID(), place: placeOf(process.pid), ttlMs };
  const rival = await take(pools, lease);
  if (rival !== null) {
    throw new AlreadyRunning(
      `ProductGraph already runs on this database (${describe(rival)}): stop that process, or give this one a database of its own.`,
    );
  }
  const stopping = new AbortController();
  const beating = heartbeat(options, lease, stopping.signal).catch((error: unknown) => options.onLost(String(error)));
  return {
    release: async () => {
      stopping.abort();
      await beating;
      await giveBack(pools, lease);
    },
  };
}

async function giveBack(pools: Pools, { name, holder }: Lease): Promise<void> {
  try {
    const text = 'DELETE FROM leases WHERE name = $1 AND holder = $2';
    await runStatement(pools.statements, 'writer', { text, values: [name, holder] });
  } catch (error) {
    // Without a server there is nothing to give back to; the lease runs out by itself.
    if (!isRetryable(error)) throw error;
  }
}

interface Lease {
  readonly name: string;
  readonly holder: string;
  readonly place: string;
  readonly ttlMs: number;
}

const EXPIRY = `now() + $4 * interval '1 millisecond'`;

const TAKE = `
  INSERT INTO leases AS l (name, holder, place, expires_at) VALUES ($1, $2, $3, ${EXPIRY})
  ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, place = excluded.place, expires_at = excluded.expires_at
  WHERE l.expires_at < now() OR l.holder = $5`;

/** Null when taken, else the place of who holds it. Times are the server's: clocks of machines need not agree. */
async function take(pools: Pools, lease: Lease): Promise<string | null> {
  const attempt = async (insteadOf: string): Promise<boolean> => {
    const { rowCount } = await runStatement(pools.statements, 'writer', {
      text: TAKE,
      values: [lease.name, lease.holder, lease.place, lease.ttlMs, insteadOf],
    });
    return rowCount === 1;
  };
  if (await attempt('')) return null;
  const { rows } = await runStatement<{ holder: string; place: string }>(pools.statements, 'writer', {
    text: 'SELECT holder, place FROM leases WHERE name = $1',
    values: [lease.name],
  });
  const rival = rows[0];
  if (rival === undefined) return take(pools, lease);
  if (isDeadHere(rival.place) && (await attempt(rival.holder))) return null;
  return rival.place;
}

async function heartbeat(
  { pools, clock, onLost }: InstanceLockOptions,
  lease: Lease,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    // The only way to wake up early is to be released.
    await clock.sleep(lease.ttlMs / 3, signal).catch(() => undefined);
    if (signal.aborted) return;
    try {
      const { rowCount } = await runStatement(pools.statements, 'writer', {
        text: `UPDATE leases SET expires_at = ${EXPIRY} WHERE name = $1 AND holder = $2 AND place = $3`,
        values: [lease.name, lease.holder, lease.place, lease.ttlMs],
      });
      if (rowCount !== 1) {
        onLost('Another process has taken over this database.');
        return;
      }
    } catch (error) {
      // While the server is away nobody else can take the lease either: the next beat decides.
      if (!isRetryable(error)) throw error;
    }
  }
}

/** Machine (this boot of it, this set of process ids) and process, as text that {@link isDeadHere} can read. */
function placeOf(pid: number): string {
  return JSON.stringify({ host: hostname(), pid, started: startTimeOf(pid), machine: machineId() });
}

/** Empty where process ids cannot be compared. Containers on one machine share the boot id but not their process ids. */
function machineId(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return '';
  }
}

interface Place {
  readonly host: string;
  readonly pid: number;
  readonly started: string;
  readonly machine: string;
}

function isDeadHere(place: string): boolean {
  const { pid, started, machine } = JSON.parse(place) as Place;
  if (machine === '' || machine !== machineId()) return false;
  return !isAlive(pid) || startTimeOf(pid) !== started;
}

function describe(place: string): string {
  const { host, pid } = JSON.parse(place) as Place;
  return `process ${pid} on ${host}`;
}
