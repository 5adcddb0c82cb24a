import type { DueTimer, GroupPartition, StatePosition, StatePut, StateSave, StateStore } from '@productgraph/kernel';
import { binaryArray } from '../binary-array.ts';
import type { Pools } from '../pool.ts';
import { runStatement } from '../statement.ts';

const OF_PARTITION = 'p.group_name = $1 AND p.topic = $2 AND p.generation = $3 AND p.partition = $4';

const POSITION = `
  SELECT p.revision, p.next, p.window_start AS "windowStart", p.time FROM state_partitions p WHERE ${OF_PARTITION}`;

const LOAD = `
  SELECT k.n, v.value
  FROM state_partitions p, unnest($5::bytea[]) WITH ORDINALITY AS k (key, n)
  JOIN state_values v USING (key)
  WHERE ${OF_PARTITION} AND v.partition_id = p.id`;

const SAVE = `
  SELECT state_save($1, $2, $3, $4, $5, $6, $7, $8, $9::bytea[], $10::text[], $11::bigint[], $12::bytea[]) AS revision`;

const DUE = `
  SELECT v.key, v.due FROM state_partitions p JOIN state_values v ON v.partition_id = p.id
  WHERE ${OF_PARTITION} AND v.due <= $5`;

const EMPTY: StatePosition = { revision: 0, next: null, windowStart: null, time: 0 };

const bytesOf = (keys: readonly string[]): Buffer => binaryArray('bytea', keys);

/** Processor state as PostgreSQL tables. Values may hold any text but U+0000, which JSON text never holds. */
export function createPostgresStateStore(pools: Pools): StateStore {
  return {
    position: async (partition) => {
      const { rows } = await runStatement<Record<keyof StatePosition, number>>(pools.statements, 'writer', {
        text: POSITION,
        values: idOf(partition),
      });
      return rows[0] ?? EMPTY;
    },
    load: async (partition, keys) => {
      if (keys.length === 0) return new Map();
      const { rows } = await runStatement<{ n: number; value: string }>(pools.statements, 'writer', {
        text: LOAD,
        values: [...idOf(partition), bytesOf(keys)],
      });
      return new Map(rows.map(({ n, value }) => [keys[n - 1] ?? '', value]));
    },
    save: async (partition, save) => {
      const { rows } = await runStatement<{ revision: number | null }>(pools.statements, 'writer', {
        text: SAVE,
        values: [...idOf(partition), ...valuesOf(save)],
      });
      return rows[0]?.revision ?? null;
    },
    due: async (partition, until) => {
      const { rows } = await runStatement<{ key: Buffer; due: number }>(pools.statements, 'writer', {
        text: DUE,
        values: [...idOf(partition), until],
      });
      return rows.map(({ key, due }): DueTimer => ({ key: key.toString('utf8'), at: due }));
    },
  };
}

function idOf({ group, topic, generation, partition }: GroupPartition): unknown[] {
  return [group, topic, generation, partition];
}

function valuesOf(save: StateSave): unknown[] {
  // A statement may not write a row twice: of several puts of a key the last one counts.
  const puts = [...new Map(save.puts.map((put): [string, StatePut] => [put.key, put])).values()];
  return [
    save.expectedRevision,
    save.next,
    save.windowStart,
    save.time,
    bytesOf(puts.map((put) => put.key)),
    binaryArray(
      'text',
      puts.map((put) => put.value),
    ),
    puts.map((put) => put.due),
    bytesOf(save.deletes),
  ];
}
