import type { ClickHouse } from '../client/connection.ts';

/** The database was written with another number of shards: rows would be looked for where they are not, and copies would not meet. */
class ClickHouseShardsDiffer extends Error {
  override readonly name = 'ClickHouseShardsDiffer';
}

/**
 * Compares the number of shards with the one that the database was begun with; a new database takes it over.
 * @throws ClickHouseShardsDiffer, ClickHouseUnavailable
 */
export async function checkRouting(all: Pick<ClickHouse, 'shards' | 'onShard'>): Promise<void> {
  const shards = all.shards.length;
  await all.onShard(0, async (node) => {
    const [row] = await node.rows<{ shards: number }>({ sql: 'SELECT shards FROM routing ORDER BY since LIMIT 1' });
    if (row === undefined) {
      await node.command({ sql: 'INSERT INTO routing (shards) SELECT {shards:UInt16}', params: { shards } });
    } else if (row.shards !== shards) {
      throw new ClickHouseShardsDiffer(
        `The rows of this database lie on ${row.shards} shards and CLICKHOUSE_URLS names ${shards}: name the shards that it was begun with, or begin a new database.`,
      );
    }
  });
}
