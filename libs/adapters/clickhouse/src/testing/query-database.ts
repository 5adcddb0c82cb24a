import type { QueryTenant } from '@productgraph/testing';
import type { EventLine } from '../rows/event-columns.ts';
import { RowWriter, uuidBytes } from '../rows/row-writer.ts';
import type { SessionLine } from '../rows/session-columns.ts';
import { insertInto, writeRow, type Table } from '../rows/table.ts';
import { EVENTS, SESSIONS } from '../rows/tables.ts';
import { shardOf, type Routing } from '../event-store/routing.ts';
import { openTestDatabase, type TestDatabase } from './database.ts';

/** A test database that takes whole projects. */
export interface QueryDatabase extends TestDatabase {
  add(tenant: QueryTenant): Promise<void>;
}

export interface Placement {
  /** A project's rows lie on all shards, by user; else each project's on one of them. */
  readonly spread: boolean;
  /** Every row is there several times until parts are merged. */
  readonly copies: number;
}

export async function openQueryDatabase({ spread, copies }: Placement): Promise<QueryDatabase> {
  const database = await openTestDatabase();
  const shards = database.all.shards.length;
  let block = 0;

  const insert = async <Row>(table: Table<Row>, rows: readonly Row[], shard: number): Promise<void> => {
    if (rows.length === 0) return;
    const writer = new RowWriter(1024);
    for (const row of rows) {
      const fault = writeRow(writer, table, row);
      if (fault !== null) throw new Error(fault);
    }
    const settings = { insert_deduplication_token: `block ${++block}` };
    await database.all.onShard(shard, (node) =>
      node.insert({ sql: insertInto(table, 'local'), body: [table.header, writer.range()], settings }),
    );
  };

  return {
    ...database,
    add: async ({ orgId, projectId, events, sessions }) => {
      const [org, project] = [uuidBytes(orgId), uuidBytes(projectId)];
      const place = { org, project, topic: 'events', generation: 1, partition: 0, offset: 0 };
      const routing: Routing = { shards, spread: new Set(spread ? [projectId] : []) };
      for (let shard = 0; shard < shards; shard++) {
        const eventLines = events
          .filter((event) => shardOf(routing, projectId, event.userKey) === shard)
          .map((event, index): EventLine => ({ event, place: { ...place, index } }));
        const sessionLines = sessions
          .filter((session) => shardOf(routing, projectId, session.userKey) === shard)
          .map((session): SessionLine => ({ session, org, project }));
        for (let copy = 0; copy < copies; copy++) {
          await insert(EVENTS, eventLines, shard);
          await insert(SESSIONS, sessionLines, shard);
        }
      }
    },
  };
}

/** What the engine under test is told about settlement. */
export const SETTLED = Date.UTC(2024, 0, 1);
