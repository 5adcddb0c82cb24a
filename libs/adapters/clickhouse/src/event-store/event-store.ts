import type { BlockJournal, EventStore, StoreBlock, WriteResult } from '@productgraph/domain-event';
import type { GroupPartition } from '@productgraph/kernel';
import { checkColumns } from '../schema/describe.ts';
import { EVENTS, SESSIONS } from '../rows/tables.ts';
import { checkRouting } from './check-routing.ts';
import { createBlockWriter, type BlockWriter } from './block-writer.ts';
import { cutBlock, joinBlocks } from './cut-block.ts';
import type { ClickHouseStoreOptions } from './options.ts';
import { sessionSpans, touchedUsers, userEvents, userSessions, type ShardReader } from './read-events.ts';
import { shardOf, type Routing } from './routing.ts';

const NOTHING: WriteResult = { inserted: 0, duplicates: 0, refused: 0 };

const keyOf = ({ group, topic, generation, partition }: GroupPartition): string =>
  JSON.stringify([group, topic, generation, partition]);

const sum = (a: WriteResult, b: WriteResult): WriteResult => ({
  inserted: a.inserted + b.inserted,
  duplicates: a.duplicates + b.duplicates,
  refused: a.refused + b.refused,
});

/**
 * Events and sessions in ClickHouse, heads and ledger in the journal. A range of the log is recorded in the journal, its rows are
 * inserted under tokens made of the range, then it is done. After a crash exactly the recorded range is stored again, however the
 * log is cut into blocks then: a shorter block is kept in memory (and answered with zeros: its position does not move) until the
 * range is complete, a longer one is cut.
 *
 * Rows are refused as in PostgreSQL, and go to quarantine. Copies of an event that an earlier block holds are not seen when they
 * are written: reads show one of them, and the ledger is put right by the recount.
 * @throws ClickHouseSchemaDiffers when the tables are not those that this program writes; ClickHouseShardsDiffer when the database
 * was begun with another number of shards; ClickHouseUnavailable
 */
export async function openClickHouseEventStore(options: ClickHouseStoreOptions): Promise<EventStore> {
  await checkColumns(options.clickhouse, [EVENTS, SESSIONS]);
  await checkRouting(options.clickhouse);
  return createStore(options);
}

/** The store over tables that were looked at. */
export function createStore(options: ClickHouseStoreOptions): EventStore {
  const { clickhouse, journal } = options;
  const routing: Routing = { shards: clickhouse.shards.length, spread: new Set(options.spread) };
  const shardOfUser: ShardReader = (projectId, userKey, statement) =>
    clickhouse.onShard(shardOf(routing, projectId, userKey), (node) => node.rows(statement));
  return {
    position: async (partition) => {
      const { next, windowStart, time } = await journal.position(partition);
      return { next, windowStart, time };
    },
    write: createWrite(journal, createBlockWriter(options, routing)),
    touchedUsers: (partition, from, to) => touchedUsers(clickhouse, { partition, from, to }),
    userEvents: (range) => userEvents(shardOfUser, range),
    userSessions: (range) => userSessions(shardOfUser, range),
    sessionSpans: (projectId, userKey, sessionIds) => sessionSpans(shardOfUser, { projectId, userKey, sessionIds }),
  };
}

function createWrite(journal: BlockJournal, writer: BlockWriter): EventStore['write'] {
  /** Parts of recorded ranges that are not complete yet. */
  const waiting = new Map<string, StoreBlock>();

  async function write(block: StoreBlock): Promise<WriteResult | null> {
    const key = keyOf(block.partition);
    const before = waiting.get(key);
    waiting.delete(key);
    if (before !== undefined && before.last + 1 === block.first) return goOn(joinBlocks(before, block));
    const begun = await writer.begin(block);
    return begun === null ? goOn(block) : begun();
  }

  /** The block's beginning may be a range that was recorded before. */
  async function goOn(block: StoreBlock): Promise<WriteResult | null> {
    const { open } = await journal.position(block.partition);
    if (open?.first !== block.first) return null;
    if (block.last < open.last) {
      waiting.set(keyOf(block.partition), block);
      return NOTHING;
    }
    const { part, rest } = cutBlock(block, open);
    const done = await writer.finish(part, open);
    if (done === null || rest === null) return done;
    const more = await write(rest);
    return more && sum(done, more);
  }

  return write;
}
