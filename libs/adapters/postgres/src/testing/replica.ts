import { setTimeout as sleep } from 'node:timers/promises';
import { testStack } from '@productgraph/tools/stack';
import { Client } from 'pg';

/** The replica of the tests' stack. */
export interface TestReplica {
  /** URL of the primary's server, as superuser. */
  readonly primaryUrl: string;
  /** URL of the same database on the replica, as superuser. */
  urlOf(databaseUrl: string): string;
  /** One statement on the replica's server. */
  query(sql: string): Promise<Record<string, unknown>[]>;
  /** Resolves when the replica has replayed all that is committed by now. */
  caughtUp(): Promise<void>;
}

/** @throws outside of a run with `vitest.stack.config.ts` */
export function testReplica(): TestReplica {
  const { DATABASE_URL: primaryUrl = '', DATABASE_REPLICA_URL: replicaUrl = '' } = testStack().settings;
  const query = (sql: string): Promise<Record<string, unknown>[]> => ask(replicaUrl, sql);
  return {
    primaryUrl,
    urlOf: (databaseUrl) => {
      const url = new URL(replicaUrl);
      url.pathname = new URL(databaseUrl).pathname;
      return url.href;
    },
    query,
    caughtUp: async () => {
      const [row] = await ask(primaryUrl, 'SELECT pg_current_wal_lsn()::text AS position');
      const reached = `SELECT pg_last_wal_replay_lsn() >= '${String(row?.position)}' AS reached`;
      await eventually('the replica has caught up', async () => (await query(reached))[0]?.reached === true);
    },
  };
}

async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client(url);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Waits until it holds; what `condition` throws counts as no. @throws after 30 s */
export async function eventually(what: string, condition: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 30_000;
  while (!(await condition().catch(() => false))) {
    if (performance.now() > end) throw new Error(`${what}: not within 30 s.`);
    await sleep(20);
  }
}
