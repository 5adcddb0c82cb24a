import { testStack } from '@productgraph/tools/stack';
import { afterEach, describe, expect, it } from 'vitest';
import { checkRedis, RedisUnusable } from './index.ts';
import { clusterWhole, eventually, MODES, onPort, testUrls, whereIs, type Mode } from './testing/servers.ts';

const optionsOf = (mode: Mode) => ({ urls: testUrls(mode), cluster: mode === 'cluster', timeoutMs: 3_000 });
const portOf = (url = ''): number => Number(new URL(url).port);

describe.each(MODES)('checkRedis (%s)', (mode) => {
  const last = portOf(testUrls(mode).at(-1));
  const policy = (name: string) => onPort(last, (node) => node.config('SET', 'maxmemory-policy', name));
  afterEach(() => policy('noeviction'));

  it('tells the version', async () => {
    expect((await checkRedis(optionsOf(mode))).version).toMatch(/^\d+\.\d+/u);
  });

  it('refuses a node that evicts, whichever it is', async () => {
    await policy('allkeys-lru');
    const fault = `Redis at 127.0.0.1:${last} has a maxmemory-policy allkeys-lru`;
    await expect(checkRedis(optionsOf(mode))).rejects.toThrow(fault);
  });

  it('refuses the other kind', async () => {
    const other = { ...optionsOf(mode), urls: testUrls(mode).slice(0, 1), cluster: mode !== 'cluster' };
    await expect(checkRedis(other)).rejects.toThrow(/is (no|a) node of a cluster: give/u);
  });

  it('refuses what does not listen, and a wrong password without showing it', async () => {
    await expect(checkRedis({ ...optionsOf(mode), urls: ['redis://127.0.0.1:1'] })).rejects.toThrow(
      `No Redis listens at 127.0.0.1:1: start it or correct host and port in ${mode === 'single' ? 'REDIS_URL' : 'REDIS_URLS'}.`,
    );
    const refused: unknown = await checkRedis({
      ...optionsOf(mode),
      urls: [`redis://ann:secret@127.0.0.1:${last}`],
    }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(RedisUnusable);
    expect(String(refused)).toContain(`Redis at 127.0.0.1:${last} refused user or password`);
    expect(String(refused)).not.toContain('secret');
  });
});

describe('checkRedis of a cluster', () => {
  it('needs one of the nodes named, not all', async () => {
    const urls = ['redis://127.0.0.1:1', ...testUrls('cluster').slice(0, 1)];
    expect((await checkRedis({ ...optionsOf('cluster'), urls })).version).not.toBe('');
  });

  it('refuses one that lacks slots, until they are back', async () => {
    await clusterWhole();
    const stack = testStack();
    const { master, replica, others } = await whereIs('any');
    await stack.kill(replica.name);
    await stack.kill(master.name);
    const urls = [`redis://127.0.0.1:${others[0]!.port}`];
    const failed = async (): Promise<boolean> =>
      (await onPort(others[0]!.port, (node) => node.cluster('INFO'))).includes('cluster_state:fail');
    await eventually('cluster_state:fail', failed);
    await expect(checkRedis({ ...optionsOf('cluster'), urls })).rejects.toThrow('cluster_state is fail at 127.0.0.1');
    await stack.start(master.name);
    await stack.start(replica.name);
    await clusterWhole();
    await checkRedis({ ...optionsOf('cluster'), urls });
  });
});
