import type { Clock } from '@productgraph/kernel';
import type { ClickHouseNode } from '../client/connection.ts';
import { codeOf } from '../client/faults.ts';
import { ClickHouseMigrationError } from './migrations.ts';

const TABLE_EXISTS = '57';
const LOCK = 'migrations_lock';
/** A process that has held it for so long is gone: statements take seconds. */
const STALE_SECONDS = 600;
const PATIENCE_MS = 120_000;

/**
 * Runs the work while no other process does so. The lock is a table on that node: making it is the one step that only one of
 * several can do there without Keeper. What a dead process left is taken over after ten minutes.
 * @throws ClickHouseMigrationError when another process holds it for more than two minutes
 */
export async function withLock<T>(node: ClickHouseNode, clock: Clock, work: () => Promise<T>): Promise<T> {
  const end = clock.now() + PATIENCE_MS;
  while (!(await take(node))) {
    if (clock.now() > end) {
      throw new ClickHouseMigrationError(
        `Another process has been migrating ClickHouse for over two minutes: wait for it, or drop the table ${LOCK} at ${node.name} if there is none.`,
      );
    }
    await clock.sleep(200);
  }
  try {
    return await work();
  } finally {
    await node.command({ sql: `DROP TABLE IF EXISTS ${LOCK} SYNC` });
  }
}

async function take(node: ClickHouseNode): Promise<boolean> {
  try {
    await node.command({ sql: `CREATE TABLE ${LOCK} (held Bool) ENGINE = Memory` });
    return true;
  } catch (error) {
    if (codeOf(error) !== TABLE_EXISTS) throw error;
    const [row] = await node.rows<{ age: number }>({
      sql: `SELECT dateDiff('second', metadata_modification_time, now()) AS age FROM system.tables
        WHERE database = currentDatabase() AND name = '${LOCK}'`,
    });
    if (row !== undefined && row.age > STALE_SECONDS) await node.command({ sql: `DROP TABLE IF EXISTS ${LOCK} SYNC` });
    return false;
  }
}
