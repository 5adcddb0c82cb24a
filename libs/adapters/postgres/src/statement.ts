import type { Pool, QueryResult, QueryResultRow } from 'pg';
import type { PgRole } from './pool.ts';

/** One SQL statement with its parameters; Buffers go as binary. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * Runs one statement as that role in a transaction of its own. On a pipelined pool the three messages travel together, so
 * it costs one round trip, and nothing of the role stays behind on a connection that PgBouncer gives to others.
 * @returns when the commit is durable
 */
export async function runStatement<Row extends QueryResultRow>(
  pool: Pool,
  role: PgRole,
  statement: Statement,
): Promise<QueryResult<Row>> {
  const client = await pool.connect();
  let broken = true;
  try {
    const [opened, answered, closed] = await Promise.allSettled([
      client.query(`BEGIN; SET LOCAL ROLE productgraph_${role}`),
      client.query<Row>(statement.text, [...statement.values]),
      client.query('COMMIT'),
    ]);
    // COMMIT behind a failed statement rolls back and leaves the connection clean.
    broken = closed.status === 'rejected' || client.getTransactionStatus() !== 'I';
    if (opened.status === 'rejected') throw opened.reason;
    if (answered.status === 'rejected') throw answered.reason;
    if (closed.status === 'rejected') throw closed.reason;
    return answered.value;
  } finally {
    client.release(broken);
  }
}
