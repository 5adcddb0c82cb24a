import { describe, expect, it } from 'vitest';
import { isRetryable, RedisUnavailable } from './faults.ts';

describe('isRetryable', () => {
  it.each([
    'LOADING Redis is loading the dataset in memory',
    'READONLY Can not run script with write flag on readonly replica.',
    "OOM allow-oom flag is not set on the script, can not run it when used memory > 'maxmemory'",
    'MISCONF Errors writing to the AOF file: No space left on device',
    'CLUSTERDOWN The cluster is down',
    'TRYAGAIN Multiple keys request during rehashing of slot',
    'MOVED 3999 127.0.0.1:6381',
    'BUSY Redis is busy running a script.',
    'Connection is closed.',
    'Too many Cluster redirections. Last error: Error: Connection is closed.',
    'Reached the max retries per request limit (which is 5). Refer to "maxRetriesPerRequest" option for details.',
    "Cluster isn't ready and enableOfflineQueue options is false",
    'None of startup nodes is available',
    'ERR max number of clients reached',
  ])('is true for: %s', (text) => expect(isRetryable(new Error(text))).toBe(true));

  it.each(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOTFOUND'])('is true for %s', (code) =>
    expect(isRetryable(Object.assign(new Error('x'), { code }))).toBe(true),
  );

  it.each([
    'WRONGTYPE Operation against a key holding the wrong kind of value',
    'NOAUTH Authentication required.',
    'WRONGPASS invalid username-password pair or user is disabled.',
    "NOPERM User app has no permissions to run the 'evalsha' command",
    "CROSSSLOT Keys in request don't hash to the same slot",
    'ERR value is not a valid float',
    'bug',
  ])('is false for: %s', (text) => expect(isRetryable(new Error(text))).toBe(false));

  it.each(['LOADING', null, undefined, { code: 'ECONNRESET' }])('is false for %o', (error) =>
    expect(isRetryable(error)).toBe(false),
  );

  it('is true for what is wrapped already', () => expect(isRetryable(new RedisUnavailable('x'))).toBe(true));
});
