import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from './database.ts';

/** One database for all tests of a file: making one takes half a second, emptying it a few milliseconds. */
export interface SharedDatabase {
  /** The database, made on first use. */
  open(): Promise<TestDatabase>;
  /** Removes every row. Partitions stay. */
  empty(): Promise<void>;
  /** Removes the database. */
  drop(): Promise<void>;
}

/** TRUNCATE would make new files for each of some hundred tables and indexes; there are few rows to delete. */
const DELETES = `
  SELECT string_agg(format('DELETE FROM %s', oid::regclass), '; ') AS deletes FROM pg_class
  WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
    AND relname <> 'schema_migrations'`;

export function sharedDatabase(): SharedDatabase {
  let database: Promise<TestDatabase> | undefined;
  const open = (): Promise<TestDatabase> => (database ??= createTestDatabase());
  return {
    open,
    empty: async () => {
      const admin = new Client((await open()).url);
      await admin.connect();
      try {
        const { rows } = await admin.query<{ deletes: string }>(DELETES);
        await admin.query(`SET session_replication_role = replica; ${rows[0]?.deletes ?? ''}`);
      } finally {
        await admin.end();
      }
    },
    drop: async () => (await database)?.drop(),
  };
}
