import { createHash } from 'node:crypto';
import type { Refusal } from '@productgraph/domain-ledger';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { refusalOf } from './faults.ts';

/** A target of COPY and the columns that the rows have. */
export interface Staged {
  /** Table whose columns are taken. */
  readonly table: string;
  readonly columns: readonly string[];
}

/** Column names as SQL. */
export function columnList(columns: readonly string[]): string {
  return columns.map((column) => `"${column}"`).join(', ');
}

/** Sends rows (binary COPY) into a table. */
export function copyInto(client: PoolClient, { table, columns }: Staged, chunks: readonly Uint8Array[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream = client.query(copyFrom(`COPY ${table} (${columnList(columns)}) FROM STDIN (FORMAT binary)`));
    stream.once('error', reject);
    stream.once('finish', resolve);
    for (const chunk of chunks) stream.write(chunk);
    stream.end();
  });
}

/**
 * Name of the temporary table through which rows go where COPY cannot (row-level security, conflicts). It is made inside the
 * transaction that uses it and stays with the server's connection, empty (ON COMMIT DELETE ROWS): that also works behind
 * PgBouncer. The columns are in its name, so that one made by an older version of the program is not used.
 */
export function stagingName({ table, columns }: Staged): string {
  return `staged_${table}_${createHash('sha256').update(columns.join()).digest('hex').slice(0, 8)}`;
}

/** To be run in the transaction before {@link copyInto} into the staging table. */
export function createStaging(staged: Staged): string {
  return `CREATE TEMPORARY TABLE IF NOT EXISTS ${stagingName(staged)} (LIKE ${staged.table}) ON COMMIT DELETE ROWS`;
}

/** Rows from `first` up to `end`, exclusive. */
export interface Range {
  readonly first: number;
  readonly end: number;
}

/**
 * Runs `insert` on the range; when the data is at fault, on its halves, down to the rows that the store refuses.
 * Each try stands behind a savepoint. What is not the data's fault is thrown.
 */
export async function insertAround(
  client: PoolClient,
  range: Range,
  steps: {
    readonly insert: (part: Range) => Promise<void>;
    readonly refuse: (row: number, refusal: Refusal) => void;
  },
): Promise<void> {
  if (range.end <= range.first) return;
  await client.query('SAVEPOINT part');
  try {
    await steps.insert(range);
    await client.query('RELEASE SAVEPOINT part');
    return;
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === null) throw error;
    await client.query('ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part');
    if (range.end - range.first === 1) {
      steps.refuse(range.first, refusal);
      return;
    }
  }
  const middle = (range.first + range.end) >> 1;
  await insertAround(client, { first: range.first, end: middle }, steps);
  await insertAround(client, { first: middle, end: range.end }, steps);
}
