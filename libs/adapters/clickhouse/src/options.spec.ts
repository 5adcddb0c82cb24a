import { describe, expect, it } from 'vitest';
import { compileClickHouseOptions, InvalidClickHouseOptions, type ClickHouseOptions } from './options.ts';

const url = 'http://127.0.0.1:8123';

function faultsOf(options: ClickHouseOptions): readonly string[] {
  try {
    compileClickHouseOptions(options);
    return [];
  } catch (error) {
    if (error instanceof InvalidClickHouseOptions) return error.faults;
    throw error;
  }
}

describe('compileClickHouseOptions', () => {
  it('fills in the defaults', () => {
    expect(compileClickHouseOptions({ urls: [url] })).toEqual({
      shards: [[{ url, name: '127.0.0.1:8123', username: 'default', password: '' }]],
      cluster: null,
      database: 'productgraph',
      ca: null,
      timeoutMs: 30_000,
      connections: 16,
      compression: 'zstd',
    });
  });

  it('takes shards with replicas, and logins in the address before others', () => {
    const { shards } = compileClickHouseOptions({
      urls: ['http://ann:p%40ss@one:1|https://two', 'http://three'],
      cluster: 'main',
      username: 'bob',
      password: 'secret',
    });
    expect(shards).toEqual([
      [
        { url: 'http://one:1', name: 'one:1', username: 'ann', password: 'p@ss' },
        { url: 'https://two', name: 'two:443', username: 'bob', password: 'secret' },
      ],
      [{ url: 'http://three', name: 'three:80', username: 'bob', password: 'secret' }],
    ]);
  });

  it.each([
    [{ urls: [] }, ['urls must name a server']],
    [{ urls: [url, 'http://b'] }, ['urls must name one server, unless a cluster is named']],
    [{ urls: [`${url}|http://b`] }, ['urls must name one server, unless a cluster is named']],
    [{ urls: ['tcp://x', `${url}/db`] , cluster: 'c' }, ['urls[0] must be of the form http://host:8123', 'urls[1] must end with host and port']], // prettier-ignore
    [{ urls: [url, url], cluster: 'c' }, ['urls[1] names a server that was named before']],
    [{ urls: ['nonsense'] }, ['urls[0] must be of the form http://host:8123']],
    [{ urls: [url], cluster: '', database: 'a b', ca: 'x' }, ['database must be a letter or "_", then letters, digits or "_", 60 at most', 'cluster must be 1 to 60 of letters, digits, ".", "_", "-"', 'ca must be certificates in PEM']], // prettier-ignore
    [{ urls: [url], timeoutMs: 1, connections: 1.5 }, ['timeoutMs must be a whole number from 100 to 600000', 'connections must be a whole number from 1 to 1000']], // prettier-ignore
    [{ urls: [url], compression: 'lzma' as never }, ['compression must be one of none, gzip, zstd']],
  ])('names every fault of %o', (options, faults) => {
    expect(faultsOf(options)).toEqual(faults);
  });

  it('tells no password', () => {
    const faults = faultsOf({ urls: ['ftp://ann:hidden@host'], password: 'hidden' });
    expect(faults.join()).not.toContain('hidden');
  });
});
