import { Client } from 'pg';
import { expect, it } from 'vitest';
import { createTestDatabase } from '../testing/database.ts';
import { EVENT_COLUMNS } from './event-rows.ts';
import { SESSION_COLUMNS } from './session-rows.ts';

it.each([
  ['events', EVENT_COLUMNS],
  ['sessions', SESSION_COLUMNS],
])('every column of %s is written, and no other', async (table, columns) => {
  const database = await createTestDatabase();
  const admin = new Client(database.url);
  await admin.connect();
  const { rows } = await admin.query<{ name: string }>(
    `SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attname`,
    [table],
  );
  await admin.end();
  await database.drop();
  expect(rows.map(({ name }) => name)).toEqual([...columns].sort());
});
