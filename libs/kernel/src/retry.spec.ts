import { describe, expect, it } from 'vitest';
import type { Clock } from './clock.ts';
import { backoffDelay, retry } from './retry.ts';

function recordingClock(): Clock & { slept: number[] } {
  const slept: number[] = [];
  return {
    slept,
    now: () => 0,
    sleep: (ms) => {
      slept.push(ms);
      return Promise.resolve();
    },
  };
}

const policy = { attempts: 4, firstDelayMs: 100, maxDelayMs: 250 };
const failing = (times: number): { work: () => Promise<string>; calls: () => number } => {
  let calls = 0;
  return {
    work: () => (++calls <= times ? Promise.reject(new Error(`fault ${String(calls)}`)) : Promise.resolve('done')),
    calls: () => calls,
  };
};

describe('retry', () => {
  it.each([
    { name: 'no fault', faults: 0, delays: [] },
    { name: 'two faults', faults: 2, delays: [100, 200] },
    { name: 'the delay is bounded', faults: 3, delays: [100, 200, 250] },
  ])('$name', async ({ faults, delays }) => {
    const clock = recordingClock();
    await expect(retry(failing(faults).work, policy, { clock, random: () => 1 })).resolves.toBe('done');
    expect(clock.slept).toEqual(delays);
  });

  it('throws the last fault when the tries are used up', async () => {
    const { work, calls } = failing(9);
    await expect(retry(work, policy, { clock: recordingClock(), random: () => 0 })).rejects.toThrow('fault 4');
    expect(calls()).toBe(4);
  });

  it('throws at once what is not worth another try', async () => {
    const { work, calls } = failing(9);
    const context = { clock: recordingClock(), random: () => 0, retryable: () => false };
    await expect(retry(work, policy, context)).rejects.toThrow('fault 1');
    expect(calls()).toBe(1);
  });

  it('stops when aborted', async () => {
    const { work, calls } = failing(9);
    const context = { clock: recordingClock(), random: () => 0, signal: AbortSignal.abort() };
    await expect(retry(work, policy, context)).rejects.toThrow('fault 1');
    expect(calls()).toBe(1);
  });

  it('spreads delays between half and all of the ceiling', () => {
    expect(backoffDelay(policy, 2, () => 0)).toBe(100);
    expect(backoffDelay(policy, 2, () => 1)).toBe(200);
  });
});
