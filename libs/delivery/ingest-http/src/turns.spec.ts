import { expect, it } from 'vitest';
import { createTurns } from './turns.ts';

it('runs so much at a time, in the order of asking, failures included', async () => {
  const turn = createTurns(2);
  const log: string[] = [];
  const gates = Array.from({ length: 5 }, () => Promise.withResolvers<undefined>());
  const all = gates.map(({ promise }, index) =>
    turn(async () => {
      log.push(`begin ${index}`);
      await promise;
      log.push(`end ${index}`);
      if (index === 1) throw new Error('fails');
      return index;
    }),
  );
  const results = Promise.allSettled(all);
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  await settle();
  expect(log).toEqual(['begin 0', 'begin 1']);
  gates[1]?.resolve(undefined);
  await settle();
  expect(log).toEqual(['begin 0', 'begin 1', 'end 1', 'begin 2']);
  for (const gate of gates) gate.resolve(undefined);
  expect((await results).map((result) => (result.status === 'fulfilled' ? result.value : 'failed'))).toEqual([
    0,
    'failed',
    2,
    3,
    4,
  ]);
  expect(log.filter((line) => line.startsWith('begin'))).toEqual([0, 1, 2, 3, 4].map((index) => `begin ${index}`));
  expect(await turn(async () => 'again')).toBe('again');
});
