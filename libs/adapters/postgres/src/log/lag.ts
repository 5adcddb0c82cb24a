import type { GroupPartition, Lag } from '@productgraph/kernel';
import type { Pools } from '../pool.ts';
import { runStatement } from '../statement.ts';

/** Where a group stands on one stream; position null = it has not begun. */
export interface Standing {
  readonly partition: GroupPartition;
  readonly stream: number;
  readonly position: number | null;
}

/** Records behind, and the age of the oldest unread one: one query for all partitions. */
const LAG = `
  SELECT p.position, h.next - p.position AS records, r.received_at
  FROM (
    SELECT u.n, u.stream, coalesce(u.position, g.position, 0) AS position
    FROM unnest($2::int[], $3::bigint[]) WITH ORDINALITY AS u (stream, position, n)
    LEFT JOIN group_offsets g ON g.stream = u.stream AND g.group_name = $1
  ) p
  JOIN log_head h USING (stream)
  LEFT JOIN LATERAL (
    SELECT received_at FROM log WHERE log.stream = p.stream AND "offset" >= p.position ORDER BY "offset" LIMIT 1
  ) r ON h.next > p.position
  ORDER BY p.n`;

/** @param now Unix milliseconds */
export async function lagOf(pools: Pools, standings: readonly Standing[], now: number): Promise<Lag[]> {
  const group = standings[0]?.partition.group;
  if (group === undefined) return [];
  const { rows } = await runStatement<{ position: number; records: number; received_at: number | null }>(
    pools.statements,
    'writer',
    {
      text: LAG,
      values: [group, standings.map((standing) => standing.stream), standings.map((standing) => standing.position)],
    },
  );
  return standings.map(({ partition }, index) => {
    const row = rows[index];
    const oldest = row?.received_at ?? null;
    return {
      ...partition,
      position: row?.position ?? 0,
      records: Math.max(0, row?.records ?? 0),
      milliseconds: oldest === null ? 0 : Math.max(0, now - oldest),
    };
  });
}
