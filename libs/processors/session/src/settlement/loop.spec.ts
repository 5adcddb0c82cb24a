import type { Clock, PartitionRef } from '@productgraph/kernel';
import { storedEvent } from '@productgraph/testing';
import { describe, expect, it } from 'vitest';
import { HOUR, START, World } from '../spec-world.ts';
import { createSettlementLoop } from './loop.ts';

const partition: PartitionRef = { topic: 'events', generation: 1, partition: 0 };

/** A clock whose sleepers wake when the test says so. */
class Sleeper implements Clock {
  readonly slept: number[] = [];
  #wake: (() => void) | null = null;
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  now(): number {
    return this.#world.now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.slept.push(ms);
    return new Promise((resolve, reject) => {
      this.#wake = () => {
        this.#world.now += ms;
        resolve();
      };
      signal?.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
    });
  }

  /** Resolves with the delay when the loop sleeps. */
  async asleep(): Promise<number> {
    while (this.#wake === null) await new Promise((resolve) => setImmediate(resolve));
    return this.slept.at(-1) ?? 0;
  }

  /** Wakes the loop; resolves with the next delay. */
  next(): Promise<number> {
    this.#wake?.();
    this.#wake = null;
    return this.asleep();
  }
}

async function started(
  world: World,
  changes: { assignments?: () => PartitionRef[]; store?: World['store'] } = {},
): Promise<{ clock: Sleeper; stop: () => Promise<void> }> {
  const clock = new Sleeper(world);
  const { assignments = () => [partition], store = world.store } = changes;
  const loop = createSettlementLoop({ ...world.deps, store, clock, assignments, random: () => 0 });
  await loop.start?.();
  await clock.asleep();
  return { clock, stop: async () => loop.stop?.() };
}

async function foldedWorld(): Promise<World> {
  const world = new World();
  await world.receive(storedEvent({ timestamp: START }));
  world.now = START + 30 * HOUR;
  await world.fold();
  return world;
}

async function storedWorld(): Promise<World> {
  const world = await foldedWorld();
  await world.write();
  return world;
}

describe('settlement loop', () => {
  it('waits for the store, works without pause, then rests', async () => {
    const world = await foldedWorld();
    const { clock, stop } = await started(world);
    expect(clock.slept).toEqual([250]);
    await world.write();
    expect(await clock.next()).toBe(0);
    await world.write();
    expect(await clock.next()).toBe(5_000);
    expect((await world.standing()).map((row) => row.state)).toEqual(['settled']);
    await stop();
  });

  it('tries again after growing delays when a port fails', async () => {
    const world = await storedWorld();
    let faults = 3;
    const touchedUsers: typeof world.store.touchedUsers = (...range) =>
      faults-- > 0 ? Promise.reject(new Error('store down')) : world.store.touchedUsers(...range);
    const { clock, stop } = await started(world, { store: { ...world.store, touchedUsers } });
    await clock.next();
    await clock.next();
    expect(clock.slept).toEqual([125, 250, 500]);
    expect(world.told.failed).toHaveLength(3);
    await clock.next();
    await world.write();
    expect((await world.standing()).map((row) => row.state)).toEqual(['settled']);
    await stop();
  });

  it('leaves partitions alone that are not its own', async () => {
    const world = await storedWorld();
    const { clock, stop } = await started(world, { assignments: () => [] });
    expect(clock.slept).toEqual([5_000]);
    expect(await world.progress.settledUpTo('any')).toBeNull();
    await stop();
  });
});
