import { describe, expect, it } from 'vitest';
import { clusterStateOf, factsOf, faultIn, nodesOf } from './server-facts.ts';

const INFO = `# Server\r\nredis_version:7.0.15\r\n# Memory\r\nmaxmemory:0\r\nmaxmemory_policy:noeviction\r\n# Replication\r\nrole:master\r\n# Cluster\r\ncluster_enabled:0\r\n`;

describe('what a node tells', () => {
  it('is read from INFO', () => {
    expect(factsOf(INFO)).toEqual({ version: '7.0.15', policy: 'noeviction', replica: false, cluster: false });
    expect(factsOf('role:slave\r\ncluster_enabled:1\r\n')).toMatchObject({
      version: '',
      policy: '',
      replica: true,
      cluster: true,
    });
    expect(clusterStateOf('cluster_state:fail\r\ncluster_slots_ok:0\r\n')).toBe('fail');
  });

  it('names the other nodes that are alive', () => {
    const nodes = [
      'a1 10.0.0.1:6379@16379 myself,master - 0 0 1 connected 0-5460',
      'b2 10.0.0.2:6380@16380,redis-2.local,shard-id=x master - 0 1 2 connected 5461-10922',
      'c3 10.0.0.3:6381@16381, slave b2 0 1 2 connected',
      'd4 10.0.0.4:6382@16382 master,fail - 0 1 3 disconnected',
      'e5 fd00::5:6383@16383 slave b2 0 1 2 connected',
      'f6 :0@0 master,noaddr - 0 1 3 disconnected',
      '',
    ];
    expect(nodesOf(nodes.join('\n'))).toEqual([
      { host: 'redis-2.local', port: 6380 },
      { host: '10.0.0.3', port: 6381 },
      { host: 'fd00::5', port: 6383 },
    ]);
  });
});

describe('a node', () => {
  const good = { ...factsOf(INFO), clusterState: null };
  const member = { ...good, cluster: true, clusterState: 'ok' };
  const alone = { name: 'host:1', cluster: false };
  const inCluster = { name: 'host:1', cluster: true };

  it.each([
    { facts: good, expected: alone },
    { facts: { ...good, version: '8.10.1' }, expected: alone },
    { facts: member, expected: inCluster },
    { facts: { ...member, replica: true }, expected: inCluster },
  ])('can be used: $facts', ({ facts, expected }) => expect(faultIn(facts, expected)).toBeNull());

  it.each([
    { facts: { ...good, version: '6.2.14' }, expected: alone, text: 'Redis 6.2.14 and ProductGraph needs 7 or newer' },
    { facts: { ...good, version: '' }, expected: alone, text: 'of an unknown version' },
    { facts: member, expected: alone, text: 'give URLs of its nodes as REDIS_URLS' },
    { facts: good, expected: inCluster, text: 'give its URL as REDIS_URL' },
    { facts: { ...member, clusterState: 'fail' }, expected: inCluster, text: 'cluster_state is fail at host:1' },
    { facts: { ...good, replica: true }, expected: alone, text: 'give the URL of its master' },
    { facts: { ...good, policy: 'allkeys-lru' }, expected: alone, text: 'maxmemory-policy allkeys-lru' },
    { facts: { ...member, policy: 'volatile-ttl' }, expected: inCluster, text: 'set it to noeviction' },
    { facts: { ...good, policy: '' }, expected: alone, text: 'maxmemory-policy that it does not tell' },
  ])('is refused in one sentence: $text', ({ facts, expected, text }) => {
    const fault = faultIn(facts, expected);
    expect(fault).toContain(text);
    expect(fault).toMatch(/^[^\n]*[^.]\.$/u);
  });
});
