import { recordOf, systemClock } from '@productgraph/testing';
import { Client } from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testing/database.ts';
import { openLogs, type LogFixture } from '../testing/log-fixture.ts';
import { trimSegments } from './segments.ts';

let database: TestDatabase;
let logs: LogFixture;
let admin: Client;

beforeEach(async () => {
  database = await createTestDatabase();
  logs = await openLogs(database.url, systemClock);
  admin = new Client(database.url);
  await admin.connect();
});

afterEach(async () => {
  await admin.end();
  await logs.close();
  await database.drop();
});

const trim = async (): Promise<number[]> => {
  const dropped = await trimSegments(database.pools, { now: systemClock.now(), retentionMs: -1 });
  return dropped.map(({ from }) => from);
};

/** Segments of eight records, all of them read by the one group. */
async function fill(records: number): Promise<{ stream: number; low: () => Promise<unknown> }> {
  for (let n = 0; n < records; n++) {
    await logs.log.append([{ topic: 'events', partition: 0, records: [recordOf(`r${n}`)] }]);
  }
  const { rows } = await admin.query<{ stream: number }>('SELECT stream FROM log_head WHERE next = $1', [records]);
  const stream = rows[0]?.stream ?? -1;
  await admin.query(
    `INSERT INTO group_offsets (stream, group_name, position, keep_from) VALUES ($1, 'reader', $2, $2)`,
    [stream, records],
  );
  const low = async (): Promise<unknown> =>
    (await admin.query<{ low: string }>('SELECT low::int AS low FROM log_head WHERE stream = $1', [stream])).rows[0]
      ?.low;
  return { stream, low };
}

it('ends at the first segment that stays, and never goes back', async () => {
  const { stream, low } = await fill(26);
  await admin.query(`BEGIN; LOCK TABLE log_s${stream}_0 IN ACCESS SHARE MODE`);
  expect(await trim()).toEqual([]);
  expect(await low()).toBe(0);
  await admin.query('COMMIT');
  expect(await trim()).toEqual([0, 8, 16]);
  expect(await low()).toBe(24);
});
