import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@productgraph/testing';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkClickHouse } from '../check-server.ts';
import { connectClickHouse, type ClickHouse } from '../client/connection.ts';
import type { ClickHouseOptions } from '../options.ts';
import { EVENTS, SESSIONS } from '../rows/tables.ts';
import { someDatabase, testOptions } from '../testing/database.ts';
import { MIGRATIONS } from '../testing/migrations.ts';
import { checkColumns } from './describe.ts';
import { migrateClickHouse } from './migrate.ts';
import { readMigrations } from './migrations.ts';

describe('migrateClickHouse', () => {
  let connection: ClickHouseOptions;
  let all: ClickHouse;
  const folders: string[] = [];
  const migrate = (folder = MIGRATIONS): ReturnType<typeof migrateClickHouse> =>
    migrateClickHouse({ connection, folder, clock: systemClock });

  /** A folder with the migrations, and more. */
  function folderWith(files: Readonly<Record<string, string>>): string {
    const folder = mkdtempSync(join(tmpdir(), 'migrations-'));
    folders.push(folder);
    for (const file of readdirSync(MIGRATIONS)) copyFileSync(join(MIGRATIONS, file), join(folder, file));
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
    return folder;
  }

  beforeEach(() => {
    connection = testOptions(someDatabase());
    all = connectClickHouse(connection);
  });
  afterEach(async () => {
    for (const node of all.shards.flat()) await node.command({ sql: `DROP DATABASE IF EXISTS ${all.database} SYNC` });
    await all.close();
  });
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true });
  });

  it('makes tables that this program can write, on every shard, once', async () => {
    expect((await migrate()).map(({ version }) => version)).toEqual(
      readdirSync(MIGRATIONS).map((file) => Number(file.slice(0, 4))),
    );
    expect(await migrate()).toEqual([]);
    await checkColumns(all, [EVENTS, SESSIONS]);
  });

  it('lets one of several migrate', async () => {
    const applied = await Promise.all([migrate(), migrate(), migrate()]);
    expect(applied.filter((migrations) => migrations.length > 0)).toHaveLength(1);
  });

  it('goes on where another one broke off, on a shard that is new', async () => {
    const broken = folderWith({
      '0900_two.sql':
        'CREATE TABLE IF NOT EXISTS a {{on cluster}} (x Int8) ENGINE = Log;\nALTER TABLE nowhere DROP COLUMN x;\n',
    });
    await expect(migrate(broken)).rejects.toThrow(
      /^Migration 0900_two\.sql failed at 127\.0\.0\.1:\d+: Could not find table: nowhere/u,
    );
    const whole = folderWith({
      '0900_two.sql': 'CREATE TABLE IF NOT EXISTS a {{on cluster}} (x Int8) ENGINE = Log;\n',
    });
    // It broke off on the first shard: the second one lacks everything.
    expect((await migrate(whole)).map(({ name }) => name)).toEqual([
      'two',
      ...readMigrations(MIGRATIONS).map(({ name }) => name),
    ]);
    await all.shards[1]?.[0]?.command({ sql: `DROP DATABASE ${all.database} SYNC` });
    expect((await migrate(whole)).map(({ name }) => name)).toContain('events');
  });

  it('refuses a changed file and a newer database', async () => {
    await migrate(
      folderWith({ '0900_more.sql': 'CREATE TABLE IF NOT EXISTS a {{on cluster}} (x Int8) ENGINE = Log;\n' }),
    );
    await expect(migrate()).rejects.toThrow(/newer version of ProductGraph \(0900_more\.sql\)/u);
    const changed = folderWith({
      '0900_more.sql': '-- changed\nCREATE TABLE IF NOT EXISTS a {{on cluster}} (x Int8) ENGINE = Log;\n',
    });
    await expect(migrate(changed)).rejects.toThrow(/0900_more\.sql was changed after it had been applied/u);
  });

  it('names every column that is not as it should be', async () => {
    await migrate();
    const node = all.shards[1]?.[0];
    await node?.command({ sql: 'ALTER TABLE events_local DROP COLUMN page_title, MODIFY COLUMN lane Int32' });
    await expect(checkColumns(all, [EVENTS, SESSIONS])).rejects.toThrow(
      "ClickHouse's tables differ: events_local of shard 2 has lane as Int32 instead of Int16; events_local of shard 2 has no column page_title",
    );
  });
});

describe('checkClickHouse', () => {
  it('takes the cluster of the stack', async () => {
    expect(await checkClickHouse(testOptions('none'))).toEqual({
      version: expect.stringMatching(/^\d+\.\d+\./u) as string,
    });
  });

  it.each([
    [{ urls: ['http://127.0.0.1:9'] }, /^No ClickHouse listens at 127\.0\.0\.1:9: start it or correct/u],
    [{ cluster: 'unknown' }, /knows no cluster unknown: correct CLICKHOUSE_CLUSTER/u],
    [
      { urls: testOptions('x').urls.slice(0, 1) },
      /has 2 shards and CLICKHOUSE_URLS names 1: name one address per shard/u,
    ],
    [
      { urls: [testOptions('x').urls.toReversed().join('|'), 'http://127.0.0.1:9'] },
      /is shard 2 of productgraph and stands at place 1/u,
    ],
    [
      { urls: testOptions('x').urls.map((url) => url.replace('productgraph:productgraph', 'productgraph:wrong')) },
      /refused user or password/u,
    ],
  ])('says in one sentence what is wrong: %o', async (fields, sentence) => {
    const checking = checkClickHouse({ ...testOptions('none'), ...fields });
    await expect(checking).rejects.toThrow(sentence);
    await expect(checking).rejects.not.toThrow(/wrong.*@|productgraph:wrong/u);
  });
});
