import { describe, expect, it } from 'vitest';
import { createReadiness } from './readiness.ts';

describe('readiness', () => {
  it.each([
    { name: 'nothing to watch', states: {}, phase: 'running', ready: true, missing: [] },
    { name: 'all is well', states: { log: 'ok', database: 'ok' }, phase: 'running', ready: true, missing: [] },
    { name: 'behind is ready', states: { log: 'ok', writer: 'behind' }, phase: 'running', ready: true, missing: [] },
    {
      name: 'missing is not',
      states: { log: 'missing', writer: 'behind', database: 'missing' },
      phase: 'running',
      ready: false,
      missing: ['log', 'database'],
    },
    { name: 'starting', states: { log: 'ok' }, phase: 'starting', ready: false, missing: [] },
    { name: 'stopping', states: { log: 'ok' }, phase: 'stopping', ready: false, missing: [] },
  ] as const)('$name', async ({ states, phase, ready, missing }) => {
    const readiness = createReadiness();
    for (const [name, state] of Object.entries(states)) readiness.watch(name, () => Promise.resolve({ state }));
    readiness.phase(phase);
    expect(await readiness.report()).toMatchObject({ ready, missing, phase });
  });

  it('says what a probe says, and what it throws', async () => {
    const readiness = createReadiness();
    readiness.watch('processors', () => Promise.resolve({ state: 'behind', detail: 'late', records: 7 }));
    readiness.watch('database', () => Promise.reject(new Error('connect ECONNREFUSED')));
    expect((await readiness.report()).parts).toEqual({
      processors: { state: 'behind', detail: 'late', records: 7 },
      database: { state: 'missing', detail: 'connect ECONNREFUSED' },
    });
  });

  it('does not wait for a probe that hangs', async () => {
    const readiness = createReadiness(5);
    readiness.watch('database', () => new Promise(() => undefined));
    expect((await readiness.report()).parts).toEqual({
      database: { state: 'missing', detail: 'No answer within 5 ms' },
    });
  });
});
