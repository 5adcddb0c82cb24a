import { Client } from 'pg';
import { type DataSource, type EntityMetadata } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testing/database.ts';
import { createDataSource } from './data-source.ts';

/* The entities say what the migrations made: names, types, nullability, primary keys. */

interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly array: boolean;
  readonly primary: boolean;
}

let database: TestDatabase;
let admin: Client;
let source: DataSource;

beforeAll(async () => {
  database = await createTestDatabase();
  admin = new Client(database.url);
  await admin.connect();
  source = await createDataSource(database.url, 1).initialize();
});

afterAll(async () => {
  await source.destroy();
  await admin.end();
  await database.drop();
});

const TYPE_NAMES: Readonly<Record<string, string>> = {
  int4: 'integer',
  int8: 'bigint',
};

async function columnsInDatabase(tables: readonly string[]): Promise<Column[]> {
  const { rows } = await admin.query<Column>(
    `SELECT c.relname AS table, a.attname AS name, a.attndims > 0 OR t.typcategory = 'A' AS array,
       CASE WHEN t.typcategory = 'A' THEN e.typname ELSE t.typname END AS type, NOT a.attnotnull AS nullable,
       EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND a.attnum = ANY (i.indkey)) AS primary
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_type e ON e.oid = t.typelem
     WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY ($1)`,
    [tables],
  );
  return rows.map((column) => ({ ...column, type: TYPE_NAMES[column.type] ?? column.type }));
}

const columnsOf = (entity: EntityMetadata): Column[] =>
  entity.columns.map((column) => ({
    table: entity.tableName,
    name: column.databaseName,
    type: String(column.type),
    nullable: column.isNullable,
    array: column.isArray,
    primary: column.isPrimary,
  }));

const byName = (a: Column, b: Column): number => (`${a.table}.${a.name}` < `${b.table}.${b.name}` ? -1 : 1);

it('entities and tables have the same columns', async () => {
  const inCode = source.entityMetadatas.flatMap(columnsOf).sort(byName);
  const inDatabase = await columnsInDatabase(source.entityMetadatas.map(({ tableName }) => tableName));
  expect(inCode).toEqual(inDatabase.sort(byName));
  expect(inCode.length).toBeGreaterThan(30);
});
