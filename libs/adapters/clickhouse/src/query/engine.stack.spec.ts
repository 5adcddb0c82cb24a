import { queryEngineSuite } from '@productgraph/testing';
import { openQueryDatabase, SETTLED } from '../testing/query-database.ts';
import { createClickHouseQueryEngine } from './engine.ts';

const PLACEMENTS = [
  ['ClickHouse, a project on one shard that is known', { spread: false, copies: 1 }, []],
  ['ClickHouse, a project over two shards, rows not merged yet', { spread: true, copies: 2 }, undefined],
] as const; // prettier-ignore

for (const [name, placement, spread] of PLACEMENTS) {
  queryEngineSuite(name, async () => {
    const database = await openQueryDatabase(placement);
    const { all: clickhouse } = database;
    return {
      engine: createClickHouseQueryEngine({
        clickhouse,
        settledUpTo: async () => SETTLED,
        ...(spread && { spread }),
      }),
      settledUpTo: SETTLED,
      add: (tenant) => database.add(tenant),
      close: () => database.close(),
    };
  });
}
