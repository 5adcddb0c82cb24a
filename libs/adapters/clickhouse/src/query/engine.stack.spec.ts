import { queryEngineSuite } from '@productgraph/testing';
import { openQueryDatabase, SETTLED } from '../testing/query-database.ts';
import { createClickHouseQueryEngine } from './engine.ts';

const PLACEMENTS = [
  ['ClickHouse, a project on one shard', { spread: false, copies: 1 }],
  ['ClickHouse, a project over two shards, rows not merged yet', { spread: true, copies: 2 }],
] as const;

for (const [name, placement] of PLACEMENTS) {
  queryEngineSuite(name, async () => {
    const database = await openQueryDatabase(placement);
    const { all: clickhouse } = database;
    return {
      engine: createClickHouseQueryEngine({ clickhouse, settledUpTo: async () => SETTLED }),
      settledUpTo: SETTLED,
      add: (tenant) => database.add(tenant),
      close: () => database.close(),
    };
  });
}
