import type { ClickHouse } from '../client/connection.ts';
import type { Column } from '../rows/columns.ts';
import type { Table } from '../rows/table.ts';

/** A table of ClickHouse is not the one that this program writes; the message names every difference. */
class ClickHouseSchemaDiffers extends Error {
  override readonly name = 'ClickHouseSchemaDiffers';
}

interface Described {
  readonly name: string;
  readonly type: string;
  readonly default_type: string;
}

/** Compares the columns that are sent with those of every shard. @throws ClickHouseSchemaDiffers, ClickHouseUnavailable */
export async function checkColumns(all: ClickHouse, tables: readonly Table<never>[]): Promise<void> {
  const faults: string[] = [];
  for (const shard of all.shards.keys()) {
    for (const { name, columns } of tables) {
      for (const kind of ['local', 'probe']) {
        const found = await all.onShard(shard, (node) =>
          node.rows<Described>({ sql: `DESCRIBE TABLE ${name}_${kind}` }),
        );
        faults.push(...differences(`${name}_${kind} of shard ${shard + 1}`, columns, found));
      }
    }
  }
  if (faults.length > 0) throw new ClickHouseSchemaDiffers(`ClickHouse's tables differ: ${faults.join('; ')}`);
}

/** What a table lacks or has otherwise; columns of its own that fill themselves are no fault. */
function differences(
  table: string,
  columns: readonly Pick<Column<never>, 'name' | 'type'>[],
  found: readonly Described[],
): string[] {
  const types = new Map(found.map((one) => [one.name, one.type]));
  return columns.flatMap(({ name, type }) => {
    const actual = types.get(name);
    if (actual === undefined) return [`${table} has no column ${name}`];
    return actual === type ? [] : [`${table} has ${name} as ${actual} instead of ${type}`];
  });
}
