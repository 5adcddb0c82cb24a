import { expect, it } from 'vitest';
import { asEnvironment, asStatus } from './print.ts';

it('prints what runs, by name, with the sum of memory', () => {
  const text = asStatus([
    { name: 'redis', kind: 'redis', state: 'down', port: 20001, residentKb: 0 },
    { name: 'kafka-1', kind: 'kafka', state: 'running', pid: 4242, port: 20000, residentKb: 2048 },
  ]);
  expect(text).toBe(`process  state     pid   port  memory
kafka-1  running  4242  20000    2 MB
redis    down           20001    0 MB
                                 2 MB`);
});

it('prints settings for a shell', () => {
  expect(asEnvironment({ KAFKA_BROKERS: 'a:1,b:2', REDIS_URL: 'redis://c' })).toBe(
    'KAFKA_BROKERS=a:1,b:2\nREDIS_URL=redis://c',
  );
});
