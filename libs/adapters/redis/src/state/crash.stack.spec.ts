import { createMemoryStateStore } from '@productgraph/adapter-memory';
import type { StateStore } from '@productgraph/kernel';
import { testStack } from '@productgraph/tools/stack';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RedisUnavailable } from '../faults.ts';
import { createRedisStateStore, type RedisConnection } from '../index.ts';
import { Crash, KEYS, World, type Phase, type WorldOptions } from '../testing/crash-world.ts';
import { clusterWhole, connectTest, MODES, onPort, testUrls, whereIs } from '../testing/servers.ts';
import { partitionKeys } from './keys.ts';
import { StateReplaced } from './state-store.ts';

/*
 * guarantees.md G4 for this store: whatever dies or is flushed at any step, state, offset and the highest version per id equal
 * the uninterrupted run.
 */

const line = fc.record({ key: fc.constantFrom(...KEYS), id: fc.integer({ min: 0, max: 15 }).map(String) });
const record = fc.record({ gap: fc.nat(6), lines: fc.array(line, { minLength: 1, maxLength: 4 }) });
const phasesOf = (records: number) =>
  fc.array(fc.record({ records: fc.array(record, { maxLength: records }) }), { minLength: 1, maxLength: 3 });
const longPhase = fc.record({ records: fc.array(record, { minLength: 40, maxLength: 60 }) });
const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 });

const uninterrupted = (phases: readonly Phase[]): Promise<unknown> =>
  new World({ group: 'g', store: createMemoryStateStore(), sizes: [1] }).run(phases);

const survives = (error: unknown): boolean =>
  error instanceof Crash || error instanceof RedisUnavailable || error instanceof StateReplaced;

describe.each(MODES)('a processor with its state in Redis (%s)', (mode) => {
  let redis: RedisConnection;
  let groups = 0;
  beforeAll(async () => {
    await clusterWhole();
    redis = await connectTest(mode);
  });
  afterAll(() => redis.close());

  const worldOf = (options: Partial<WorldOptions>): { world: World; group: string } => {
    const group = `counters-${groups++}`;
    const store: StateStore = createRedisStateStore(redis);
    return { world: new World({ group, store, sizes: [1], survives, ...options }), group };
  };
  const flush = async (): Promise<void> => {
    for (const url of testUrls(mode)) {
      // Replicas refuse.
      await onPort(Number(new URL(url).port), (node) => node.flushall()).catch(() => undefined);
    }
  };

  it('survives crashes and FLUSHALL at any step', async () => {
    const counts = { crashes: 0, flushes: 0 };
    const faults = fc.array(fc.record({ after: fc.nat(12), kind: fc.constantFrom('crash', 'flush') }), {
      maxLength: 12,
    });
    const property = fc.asyncProperty(phasesOf(12), sizes, faults, async (phases, inTurn, plan) => {
      const left = [...plan];
      let until = left[0]?.after ?? Number.POSITIVE_INFINITY;
      const step = async (): Promise<void> => {
        if (until-- > 0) return;
        const fault = left.shift();
        until = left[0]?.after ?? Number.POSITIVE_INFINITY;
        if (fault?.kind === 'crash') throw new Crash();
        counts.flushes++;
        await flush();
      };
      const { world } = worldOf({ sizes: inTurn, step });
      expect(await world.run(phases)).toEqual(await uninterrupted(phases));
      counts.crashes += world.crashes;
    });
    await fc.assert(property, { numRuns: 200 });
    // The property would be empty if the faults were never reached.
    expect(counts.crashes).toBeGreaterThan(50);
    expect(counts.flushes).toBeGreaterThan(50);
  });

  it('survives kill -9 of the master, while it reads and between two phases', async () => {
    const stack = testStack();
    const [phases = []] = fc.sample(fc.array(longPhase, { minLength: 3, maxLength: 3 }), { seed: 4, numRuns: 1 });
    let steps = 0;
    let dead = '';
    const revive = async (): Promise<void> => {
      if (dead === '') return;
      await stack.start(dead);
      dead = '';
      if (mode === 'cluster') await clusterWhole();
    };
    const step = async (): Promise<void> => {
      steps++;
      if (steps === 60 || steps === 130) {
        dead =
          mode === 'single' ? 'redis' : (await whereIs(partitionKeys(redis.prefix, partition).position)).master.name;
        await stack.kill(dead);
        // A single node has nobody that takes over.
        if (mode === 'single') await revive();
      }
      if (steps === 110) await revive();
      if (steps === 120) await flush();
    };
    const { world, group } = worldOf({ sizes: [2], step });
    const partition = { group, topic: 'events', generation: 1, partition: 0 } as const;
    expect(await world.run(phases)).toEqual(await uninterrupted(phases));
    expect(steps).toBeGreaterThan(130);
    await revive();
  });
});
