import { monthStart, type Month } from '@productgraph/domain-event';
import type { Pool, PoolClient } from 'pg';
import { withTransaction } from '../pool.ts';

/** Tables partitioned by month, and the column that decides. */
export type MonthlyTable = 'events' | 'sessions';

/** e.g. `events_2015_05`. */
export function partitionName(table: MonthlyTable, month: Month): string {
  const year = String(Math.floor(month / 12)).padStart(4, '0');
  return `${table}_${year}_${String((month % 12) + 1).padStart(2, '0')}`;
}

/** The month in a partition's name; null when it is not one of ours. */
export function monthOfPartition(table: MonthlyTable, name: string): Month | null {
  const match = new RegExp(`^${table}_(\\d{4})_(\\d{2})$`).exec(name);
  return match === null ? null : Number(match[1]) * 12 + Number(match[2]) - 1;
}

/** Sessions are updated in place: room for that in each page. */
const STORAGE: Readonly<Record<MonthlyTable, string>> = {
  events: '',
  sessions: 'WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05)',
};

/** Any number, but one of our own: `pg_month` in ASCII. */
const LOCK_KEY = '8099571217366970472';

/**
 * Makes the month: create, then ATTACH, which (unlike PARTITION OF) lets reads and writes of the parent go on.
 * Row-level security is the parent's; a partition by itself can be read by the owner only, and the writer may COPY into it
 * (COPY is refused on tables with row-level security, and through the parent it may insert for every tenant all the same).
 */
async function makeMonth(client: PoolClient, table: MonthlyTable, month: Month): Promise<void> {
  const name = partitionName(table, month);
  const { rows } = await client.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [name]);
  if (rows[0]?.there === true) return;
  const [from, to] = [monthStart(month), monthStart(month + 1)].map((time) => new Date(time).toISOString());
  await client.query(
    `CREATE TABLE ${name} (LIKE ${table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE INCLUDING COMPRESSION) ${STORAGE[table]};
     REVOKE ALL ON ${name} FROM PUBLIC;
     GRANT INSERT ON ${name} TO productgraph_writer;
     ALTER TABLE ${table} ATTACH PARTITION ${name} FOR VALUES FROM ('${from}') TO ('${to}')`,
  );
}

/** Knows which months exist, and makes those that do not. */
export interface Months {
  /** Resolves when all of them exist; costs nothing for months seen before. */
  ensure(table: MonthlyTable, months: Iterable<Month>): Promise<void>;
  /** A month that was known has been dropped meanwhile: look again. */
  forget(): void;
}

/** @param pool of a login that may take the owner's role */
export function createMonths(pool: Pool): Months {
  const known = new Set<string>();
  return {
    async ensure(table, months) {
      const missing = [...new Set(months)].filter((month) => !known.has(partitionName(table, month)));
      if (missing.length === 0) return;
      await withTransaction(pool, { role: 'owner' }, async (client) => {
        await client.query(`SELECT pg_advisory_xact_lock(${LOCK_KEY})`);
        for (const month of missing) await makeMonth(client, table, month);
      });
      for (const month of missing) known.add(partitionName(table, month));
    },
    forget: () => known.clear(),
  };
}
