import { describe, expect, it } from 'vitest';
import { compileRedisOptions, InvalidRedisOptions } from './options.ts';

const url = 'redis://127.0.0.1:7000';

describe('compileRedisOptions', () => {
  it('fills in the defaults', () => {
    expect(compileRedisOptions({ urls: ['redis://cache'], cluster: false })).toEqual({
      nodes: [{ host: 'cache', port: 6379 }],
      db: 0,
      tls: false,
      cluster: false,
      prefix: 'pg',
      timeoutMs: 10_000,
      onFault: expect.any(Function),
    });
  });

  it('takes what URLs hold', () => {
    expect(compileRedisOptions({ urls: ['rediss://us%40er:pass%2Fword@[::1]:7001/3'], cluster: false })).toMatchObject({
      nodes: [{ host: '::1', port: 7001 }],
      username: 'us@er',
      password: 'pass/word',
      db: 3,
      tls: true,
    });
    expect(compileRedisOptions({ urls: [url, 'redis://b:1'], cluster: true, prefix: 'eu.1' })).toMatchObject({
      nodes: [
        { host: '127.0.0.1', port: 7000 },
        { host: 'b', port: 1 },
      ],
      prefix: 'eu.1',
    });
  });

  const form = 'must be of the form redis://user:password@host:6379';
  it.each([
    [{ urls: [] }, ['urls must name a node']],
    [{ urls: [url, url], cluster: false }, ['urls must name one node, unless it is a cluster']],
    [{ urls: ['nowhere', 'http://x', url, 'redis:///1'] }, [`urls[0] ${form}`, `urls[1] ${form}`, `urls[3] ${form}`]],
    [{ urls: [`${url}/2`] }, ['urls[0] names a database: a cluster has only database 0']],
    [{ urls: [`${url}/x`] }, ['urls[0] has a path that is not the number of a database']],
    [
      { urls: [url], prefix: 'a{b}', timeoutMs: 99 },
      ['prefix must be 1 to 40 of a-z, A-Z, 0-9, ".", "_", "-"', 'timeoutMs must be a whole number from 100 to 600000'],
    ],
  ])('names every fault of %o', (options, faults) => {
    expect(() => compileRedisOptions({ cluster: true, ...options })).toThrow(expect.objectContaining({ faults }));
  });

  it('keeps passwords to itself', () => {
    const urls = ['redis://user:secret@host/x'];
    expect(() => compileRedisOptions({ urls, cluster: false })).toThrow(InvalidRedisOptions);
    expect(() => compileRedisOptions({ urls, cluster: false })).toThrow(/^(?!.*secret)/u);
  });
});
