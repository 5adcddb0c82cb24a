import { describe, expect, it } from 'vitest';
import { faultIn, type Expected, type ServerFacts } from './check-server.ts';

const facts: ServerFacts = { version: '26.7.2.1', shard: '1', shards: 2, own: 1, keeper: true };
const expected: Expected = { name: 'a:8123', cluster: 'main', shard: 0, shards: 2, replicas: 2 };

describe('faultIn', () => {
  it('finds nothing wrong with a replicated cluster, nor with one server', () => {
    expect(faultIn(facts, expected)).toBeNull();
    expect(faultIn({ ...facts, own: 0 }, expected)).toBeNull();
    expect(faultIn({ version: '25.8.1', shard: '', shards: 0, own: 0, keeper: false }, { ...expected, cluster: null, shards: 1, replicas: 1 })).toBeNull(); // prettier-ignore
  });

  it.each([
    [{ version: '25.7.9' }, /is ClickHouse 25\.7\.9 and ProductGraph needs 25\.8 or newer/u],
    [{ version: '24.12.1' }, /needs 25\.8 or newer/u],
    [{ version: '' }, /needs 25\.8/u],
    [{ shards: 0 }, /knows no cluster main/u],
    [{ shards: 3 }, /has 3 shards and CLICKHOUSE_URLS names 2/u],
    [{ own: 2 }, /is shard 2 of main and stands at place 1/u],
    [{ keeper: false }, /has no Keeper and CLICKHOUSE_URLS names 2 replicas/u],
    [{ shard: '' }, /has no macro "shard"/u],
  ])('names %o', (fields, sentence) => {
    expect(faultIn({ ...facts, ...fields }, expected)).toMatch(sentence);
  });
});
