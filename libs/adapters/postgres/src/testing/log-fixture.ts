import type { Clock, EventLog } from '@productgraph/kernel';
import { createPostgresLog, type PostgresLog } from '../log/event-log.ts';
import { createPools, withTransaction, type Pools } from '../pool.ts';

export interface LogFixture {
  readonly log: EventLog;
  readonly other: EventLog;
  trim(): Promise<unknown>;
  close(): Promise<void>;
}

/** Two processes' view of the log in one database: each with connections of its own. Small segments, no least age. */
export async function openLogs(url: string, clock: Clock, segmentRecords = 8): Promise<LogFixture> {
  const open = async (): Promise<{ log: PostgresLog; close: () => Promise<void> }> => {
    const pools = createPools({ url, appConnections: 2, writerConnections: 3 });
    const log = createPostgresLog({
      pools,
      clock,
      random: Math.random,
      dedupeWindow: 1000,
      retentionMs: -1,
      segmentRecords,
      pollMs: 100,
    });
    await log.start();
    return {
      log,
      close: async () => {
        await log.stop();
        await pools.end();
      },
    };
  };
  const [one, two] = await Promise.all([open(), open()]);
  return {
    log: one.log,
    other: two.log,
    trim: () => one.log.trim(),
    close: async () => {
      await Promise.all([one.close(), two.close()]);
    },
  };
}

/** Takes log and state back to what they are in a new database, in a fraction of the time that one takes to make. */
export async function emptyLogAndState(pools: Pools): Promise<void> {
  await withTransaction(pools.writer, { role: 'owner' }, async (client) => {
    await client.query(`
      DO $$
      DECLARE segment regclass;
      BEGIN
        FOR segment IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'log'::regclass LOOP
          EXECUTE format('DROP TABLE %s', segment);
        END LOOP;
      END $$;
      TRUNCATE log_topics, log_head, log_segments, group_offsets, state_partitions, state_values RESTART IDENTITY`);
  });
}
