import type { Pools } from '../pool.ts';
import { runStatement } from '../statement.ts';

/** One partition of a topic and how far each group has durably come. */
export interface LogStage {
  readonly topic: string;
  readonly generation: number;
  readonly partition: number;
  /** First offset still there. */
  readonly low: number;
  /** Next offset to be written. */
  readonly high: number;
  readonly groups: readonly GroupStage[];
}

export interface GroupStage {
  readonly group: string;
  /** Next offset to read. */
  readonly next: number;
  /** Age of the oldest record not yet read, milliseconds; 0 when there is none. */
  readonly behindMs: number;
}

/** Positions are facts: the writer's heads stand with the rows, a processor's with its state. */
const STAGES = `
  SELECT h.topic, h.generation, h.partition, h.low, h.next AS high,
    coalesce((
      SELECT json_agg(json_build_object('group', p.group_name, 'next', p.next, 'behindMs', (
        SELECT greatest(0, extract(epoch FROM now()) * 1000 - r.received_at) FROM log r
        WHERE r.stream = h.stream AND r."offset" >= p.next ORDER BY r."offset" LIMIT 1
      )) ORDER BY p.group_name)
      FROM (
        SELECT log_group AS group_name, topic, generation, log_partition AS partition, next FROM writer_heads
        UNION ALL
        SELECT group_name, topic, generation, partition, next FROM state_partitions
      ) p WHERE (p.topic, p.generation, p.partition) = (h.topic, h.generation, h.partition)
    ), '[]')::text AS groups
  FROM log_head h ORDER BY h.topic, h.generation, h.partition`;

interface StageRow {
  readonly topic: string;
  readonly generation: number;
  readonly partition: number;
  readonly low: number;
  readonly high: number;
  readonly groups: string;
}

/** Every partition of the log with the positions of its groups. */
export async function readStages(pools: Pools): Promise<LogStage[]> {
  const { rows } = await runStatement<StageRow>(pools.statements, 'writer', { text: STAGES, values: [] });
  return rows.map(({ groups, ...stage }) => {
    const parsed = JSON.parse(groups) as { group: string; next: number; behindMs: number | null }[];
    return { ...stage, groups: parsed.map((group) => ({ ...group, behindMs: Math.round(group.behindMs ?? 0) })) };
  });
}

/** Sums of the ledger over all tenants. */
export interface LedgerSums {
  readonly accepted: number;
  readonly stored: number;
  readonly duplicate: number;
  readonly rejected: number;
  readonly quarantinedLater: number;
  readonly erased: number;
}

/** All tenants, as the owner's role: for the operator. `fromMinute`: Unix minutes. */
export async function readLedgerSums(pools: Pools, fromMinute: number): Promise<LedgerSums> {
  const { rows } = await runStatement<LedgerSums & Readonly<Record<string, number>>>(pools.statements, 'owner', {
    text: `SELECT coalesce(sum(accepted), 0)::bigint AS accepted, coalesce(sum(stored), 0)::bigint AS stored,
             coalesce(sum(duplicate), 0)::bigint AS duplicate, coalesce(sum(rejected), 0)::bigint AS rejected,
             coalesce(sum(quarantined_later), 0)::bigint AS "quarantinedLater", coalesce(sum(erased), 0)::bigint AS erased
           FROM ledger_minutes WHERE minute >= $1`,
    values: [fromMinute],
  });
  return rows[0] ?? { accepted: 0, stored: 0, duplicate: 0, rejected: 0, quarantinedLater: 0, erased: 0 };
}
