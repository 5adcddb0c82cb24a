import { describe, expect, it } from 'vitest';
import { WalPositions } from './wal-positions.ts';

/** A primary that writes one unit of log per millisecond; its answers come when `answer` is called, by themselves with `prompt`. */
function setUp({ prompt = true } = {}) {
  const state = { now: 10_000, asked: 0, down: false, faults: 0 };
  const waiting: (() => void)[] = [];
  const positions = new WalPositions({
    ask: async () => {
      state.asked++;
      const position = String(state.now);
      if (!prompt) await new Promise<void>((resolve) => waiting.push(resolve));
      if (state.down) throw new Error('down');
      return position;
    },
    maxLagMs: 5_000,
    now: () => state.now,
    onFault: () => state.faults++,
  });
  return { state, positions, answer: () => waiting.shift()?.() };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the position that a replica must have reached', () => {
  it('is the one of now at first, and then the oldest of the last 5 s', async () => {
    const { state, positions } = setUp();
    const required: (string | null)[] = [];
    for (let second = 0; second < 10; second++) {
      required.push(await positions.required());
      await settle();
      state.now += 1_001;
    }
    expect(required.slice(0, 5)).toEqual(Array.from({ length: 5 }, () => '10000'));
    for (const [second, position] of required.entries()) {
      const lag = 10_000 + second * 1_001 - Number(position);
      expect(lag).toBeGreaterThanOrEqual(0);
      expect(lag).toBeLessThanOrEqual(5_000);
    }
    expect(Number(required[9])).toBeGreaterThan(10_000);
  });

  it('is asked for once a second while somebody reads, by all readers together', async () => {
    const { state, positions } = setUp();
    for (let step = 0; step < 100; step++) {
      await Promise.all([positions.required(), positions.required(), positions.required()]);
      await settle();
      state.now += 100;
    }
    expect(state.asked).toBeGreaterThanOrEqual(9);
    expect(state.asked).toBeLessThanOrEqual(11);
  });

  it('is the one of now after a pause', async () => {
    const { state, positions } = setUp();
    await positions.required();
    state.now += 60_000;
    expect(await positions.required()).toBe('70000');
  });

  it('is one from after a write', async () => {
    const { state, positions } = setUp();
    await positions.required();
    state.now += 10;
    positions.forget();
    expect(await positions.required()).toBe('10010');
  });

  it('is not that of a question from before a write, though its answer comes later', async () => {
    const { state, positions, answer } = setUp({ prompt: false });
    const before = positions.required();
    state.now += 10;
    positions.forget();
    const after = positions.required();
    answer();
    expect(await before).toBeNull();
    answer();
    expect(await after).toBe('10010');
  });

  it('is unknown while the primary is silent for longer than the bound', async () => {
    const { state, positions } = setUp();
    expect(await positions.required()).toBe('10000');
    state.down = true;
    state.now += 4_000;
    expect(await positions.required()).toBe('10000');
    state.now += 2_000;
    expect(await positions.required()).toBeNull();
    expect(state.faults).toBeGreaterThan(0);
    state.down = false;
    expect(await positions.required()).toBe('16000');
  });
});
