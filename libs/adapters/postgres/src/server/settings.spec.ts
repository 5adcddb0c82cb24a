import { expect, it } from 'vitest';
import { explainOutput } from './faults.ts';
import { asArguments, serverSettings } from './settings.ts';

const GB = 1024 ** 3;

it.each([
  { memory: 0.25 * GB, buffers: '64MB', cache: '128MB', work: '8MB' },
  { memory: 1 * GB, buffers: '256MB', cache: '512MB', work: '8MB' },
  { memory: 2 * GB, buffers: '512MB', cache: '1024MB', work: '8MB' },
  { memory: 24 * GB, buffers: '1024MB', cache: '12288MB', work: '32MB' },
  { memory: 512 * GB, buffers: '1024MB', cache: '65536MB', work: '32MB' },
])('sizes buffers from $memory bytes of memory', ({ memory, buffers, cache, work }) => {
  expect(serverSettings(memory)).toMatchObject({
    shared_buffers: buffers,
    effective_cache_size: cache,
    work_mem: work,
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
  });
});

it('writes settings as arguments', () => {
  expect(asArguments({ a: '1', b: '' })).toEqual(['-c', 'a=1', '-c', 'b=']);
});

it.each([
  [
    'FATAL:  could not create lock file: No space left on device',
    'The disk that holds /d is full: free some space and start again.',
  ],
  ['LOG:  could not bind IPv4 address "127.0.0.1": Address already in use', /^Port 5432 on 127\.0\.0\.1 is in use/u],
  ['FATAL:  could not map anonymous shared memory: Cannot allocate memory', /not enough free memory/u],
  ['initdb: error: could not create directory "/d": Read-only file system', /read-only disk/u],
  ['LOG:  a\nFATAL:  something new\nLOG:  b', 'PostgreSQL could not start in /d: FATAL:  something new'],
  ['only words', 'PostgreSQL could not start in /d: only words'],
])('explains: %s', (output, message) => {
  const explained = explainOutput(output, { port: 5432, folder: '/d' }).message;
  if (typeof message === 'string') expect(explained).toBe(message);
  else expect(explained).toMatch(message);
});
