import type { StoreBlock } from '@productgraph/domain-event';
import type { ClickHouse } from '../client/connection.ts';
import { monthName } from './months.ts';
import type { RowGroup } from './row-groups.ts';

/** By the projection `by_receipt`: what the partition brought in at that time. */
const SOME = `
  SELECT 1 FROM events_local
  WHERE log_topic = {topic:String} AND log_generation = {generation:Int32} AND log_partition = {partition:Int32}
    AND received_at BETWEEN fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND fromUnixTimestamp64Milli({to:Int64}, 'UTC')
    AND log_offset BETWEEN {first:Int64} AND {last:Int64} AND toYYYYMM(timestamp) = {month:UInt32}
  LIMIT 1`;

/**
 * True when the group's rows are stored. They are whole or not at all, so one of them tells of all: those that are missing
 * then were merged into copies that had come before.
 */
export async function isThere(
  all: ClickHouse,
  { partition: log, events, first, last }: StoreBlock,
  group: RowGroup,
): Promise<boolean> {
  const { topic, generation, partition } = log;
  const received = group.indexes.map((index) => events[index]?.event.receivedAt ?? 0);
  const [from, to] = received.reduce(
    ([low, high], at) => [Math.min(low, at), Math.max(high, at)],
    [Infinity, -Infinity],
  );
  const params = {
    topic,
    generation,
    partition,
    first,
    last,
    from: Math.floor(from),
    to: Math.ceil(to),
    month: monthName(group.month),
  };
  const rows = await all.onShard(group.shard, (node) => node.rows({ sql: SOME, params }));
  return rows.length > 0;
}
