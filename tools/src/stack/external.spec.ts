import { expect, it } from 'vitest';
import { externalServers } from './external.ts';

const all = ['kafka', 'clickhouse', 'redis', 'postgres', 's3'] as const;

it.each([
  ['nothing', {}, { kinds: [], settings: {} }],
  ['an empty text, which is nothing', { KAFKA_BROKERS: '' }, { kinds: [], settings: {} }],
  ['a replica without a primary', { DATABASE_REPLICA_URL: 'x' }, { kinds: [], settings: {} }],
  [
    'servers with all that belongs to them',
    { S3_ENDPOINT: 'http://s3', S3_BUCKET: 'b', REDIS_URLS: 'redis://r', KAFKA_OPTS: '-X', HOME: '/root' },
    { kinds: ['redis', 's3'], settings: { S3_ENDPOINT: 'http://s3', S3_BUCKET: 'b', REDIS_URLS: 'redis://r' } },
  ],
])('takes from the environment %s', (_, environment, expected) => {
  expect(externalServers(all, environment)).toEqual(expected);
});

it('takes only what the plan asks for', () => {
  expect(externalServers(['kafka'], { DATABASE_URL: 'postgres://x', KAFKA_BROKERS: 'k:9092' })).toEqual({
    kinds: ['kafka'],
    settings: { KAFKA_BROKERS: 'k:9092' },
  });
});
