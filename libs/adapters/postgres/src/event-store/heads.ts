import type { StoreBlock, WriterPosition } from '@productgraph/domain-event';
import type { GroupPartition } from '@productgraph/kernel';
import type { PoolClient } from 'pg';

const keyOf = ({ group, topic, generation, partition }: GroupPartition): (string | number)[] => [
  group,
  topic,
  generation,
  partition,
];

/** Where the group is on the partition; `next` null = it has not written there yet. */
export async function readHead(client: PoolClient, partition: GroupPartition): Promise<WriterPosition> {
  const { rows } = await client.query<WriterPosition>(
    `SELECT next, window_start AS "windowStart", runner_time AS time FROM writer_heads
     WHERE log_group = $1 AND topic = $2 AND generation = $3 AND log_partition = $4`,
    keyOf(partition),
  );
  return rows[0] ?? { next: null, windowStart: null, time: 0 };
}

/**
 * Moves the head behind the block if it stands at its first offset; a partition without a head starts at whatever comes first.
 * Locks the head until the transaction ends. False = someone else moved it.
 */
export async function moveHead(client: PoolClient, block: StoreBlock): Promise<boolean> {
  const { rowCount } = await client.query(
    `INSERT INTO writer_heads AS head (log_group, topic, generation, log_partition, next, window_start, runner_time)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (log_group, topic, generation, log_partition)
     DO UPDATE SET next = excluded.next, window_start = excluded.window_start, runner_time = excluded.runner_time
     WHERE head.next = $8`,
    [...keyOf(block.partition), block.last + 1, block.windowStart, Math.floor(block.time), block.first],
  );
  return rowCount === 1;
}
