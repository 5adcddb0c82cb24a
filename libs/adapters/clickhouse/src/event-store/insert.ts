import type { ClickHouseSettings } from '@clickhouse/client';
import type { RefusedRow, StoreBlock } from '@productgraph/domain-event';
import type { ClickHouse } from '../client/connection.ts';
import { isRefusal, reasonOf } from '../client/faults.ts';
import { insertInto } from '../rows/table.ts';
import { isThere } from './is-there.ts';
import { monthName } from './months.ts';
import type { RowGroup } from './row-groups.ts';

/** A table refuses a block, although it takes every row of it by itself: the table is at fault, and nothing was stored. */
export class ClickHouseRefusesBlock extends Error {
  override readonly name = 'ClickHouseRefusesBlock';
}

export interface Inserting {
  readonly all: ClickHouse;
  readonly block: StoreBlock;
  /** Rows may be there without their token: look before inserting. */
  readonly look: boolean;
}

/** Rows of a writer: from `first` up to `end`, exclusive. */
export interface Rows {
  readonly first: number;
  readonly end: number;
}

/** One insert is one block and one part, whatever its size. */
const ONE_BLOCK: ClickHouseSettings = {
  insert_deduplicate: 1,
  max_insert_block_size: '100000000',
  min_insert_block_size_rows: '0',
  min_insert_block_size_bytes: '0',
};

/** Names the rows of an insert: the same range, shard and month are the same rows. */
function tokenOf({ partition, first, last }: StoreBlock, group: RowGroup): string {
  const log = `${partition.topic}.${partition.generation}:${partition.partition}:${first}-${last}`;
  return `${group.table.name}:${log}:${group.shard}:${monthName(group.month)}`;
}

/**
 * Inserts all groups, each under its token, side by side. Comes back when none is under way any more.
 * @returns rows that ClickHouse refuses; their groups are not stored then
 * @throws ClickHouseUnavailable, ClickHouseRefusesBlock
 */
export async function insertGroups(groups: readonly RowGroup[], inserting: Inserting): Promise<RefusedRow[]> {
  const settled = await Promise.allSettled(groups.map((group) => insertGroup(group, inserting)));
  const fault = settled.find((one) => one.status === 'rejected');
  if (fault !== undefined) throw fault.reason;
  return settled.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
}

async function insertGroup(group: RowGroup, { all, block, look }: Inserting): Promise<RefusedRow[]> {
  // Sessions may be stored twice: versions of one part replace each other.
  if (look && group.kind === 'event' && (await isThere(all, block, group))) return [];
  try {
    await send(group, group, { all, kind: 'local', token: tokenOf(block, group) });
    return [];
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const refused = await findRefused(group, group, all);
    if (refused.length > 0) return refused;
    throw new ClickHouseRefusesBlock(
      `ClickHouse refuses a block for ${group.table.name}_local of shard ${group.shard + 1} and takes each of its rows by itself: ${reasonOf(error)}`,
      { cause: error },
    );
  }
}

interface Target {
  readonly all: ClickHouse;
  readonly kind: 'local' | 'probe';
  readonly token?: string;
}

async function send(group: RowGroup, { first, end }: Rows, { all, kind, token }: Target): Promise<void> {
  const { table, writer, shard } = group;
  const body = [table.header, writer.range(first, end)];
  const settings = { ...ONE_BLOCK, ...(token !== undefined && { insert_deduplication_token: token }) };
  await all.onShard(shard, (node) => node.insert({ sql: insertInto(table, kind), body, settings }));
}

/** Halves the rows into the table's twin, which keeps nothing, until those are found that it refuses. */
async function findRefused(group: RowGroup, rows: Rows, all: ClickHouse): Promise<RefusedRow[]> {
  const { first, end } = rows;
  try {
    await send(group, rows, { all, kind: 'probe' });
    return [];
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (end - first === 1) {
      const index = group.indexes[first - group.first] ?? 0;
      return [{ kind: group.kind, index, code: 'store_refused', message: reasonOf(error).slice(0, 500) }];
    }
    const middle = Math.floor((first + end) / 2);
    const [left, right] = [
      { first, end: middle },
      { first: middle, end },
    ];
    return [...(await findRefused(group, left, all)), ...(await findRefused(group, right, all))];
  }
}
