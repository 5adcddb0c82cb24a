import { LogUnavailable } from '@productgraph/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spoolOn, type SpooledLog } from './intake.ts';
import { createDisk, type Disk } from './testing/power-loss-files.ts';
import {
  createToldLog,
  nameRecord,
  randomOf,
  smallSettings,
  toldFacts,
  turn,
  type LogFault,
  type ToldLog,
} from './testing/world.ts';

const PARTITIONS = [0, 1, 2];
const FOREVER = new Promise<never>(() => undefined);

interface World {
  readonly disk: Disk;
  readonly log: ToldLog;
  readonly random: () => number;
  /** Names by partition: acknowledged in this order; given to append at all. */
  readonly acknowledged: Map<number, string[]>;
  readonly tried: Set<string>;
  readonly told: string[];
  crashes: number;
}

function newWorld(seed: number): World {
  return {
    disk: createDisk(),
    log: createToldLog(),
    random: randomOf(seed),
    acknowledged: new Map(PARTITIONS.map((partition) => [partition, []])),
    tried: new Set(),
    told: [],
    crashes: 0,
  };
}

/** Appends one after the other to one partition, until `rounds` are over or the process has died. */
async function appendAll(world: World, spooled: SpooledLog, of: { partition: number; rounds: number }): Promise<void> {
  const { partition, rounds } = of;
  for (let round = 0; round < rounds; round++) {
    const count = 1 + Math.floor(world.random() * 3);
    const names = Array.from({ length: count }, (_, n) => `${partition}-${world.tried.size + n}`);
    for (const name of names) world.tried.add(name);
    try {
      await spooled.append([{ topic: 'events', partition, records: names.map(nameRecord) }]);
      world.acknowledged.get(partition)?.push(...names);
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error;
    }
    if (world.random() < 0.3) await turn();
  }
}

/** One life of the process, which ends at operation `crashAt` of disk and log, or by stopping with an empty spool. */
async function live(world: World, life: { crashAt: number; fault: () => LogFault }): Promise<void> {
  const dead = Promise.withResolvers<'dead'>();
  let operations = 0;
  const step = async (): Promise<void> => {
    await turn();
    if (++operations >= life.crashAt) {
      dead.resolve('dead');
      await FOREVER;
    }
  };
  world.log.step = step;
  world.log.fault = life.fault;
  const { facts, told } = toldFacts();
  const run = async (): Promise<'stopped'> => {
    const spooled = await spoolOn(world.disk.mount(step), world.log, smallSettings(facts));
    await Promise.all(PARTITIONS.map((partition) => appendAll(world, spooled, { partition, rounds: 12 })));
    world.log.fault = () => 'none';
    while (spooled.spool().records > 0) await turn();
    await spooled.stop();
    return 'stopped';
  };
  const end = await Promise.race([run(), dead.promise]);
  world.told.push(...told);
  if (end === 'stopped') return;
  world.crashes++;
  if (world.random() < 0.7) world.disk.losePower(world.random);
}

function faultsOf({ random }: World, kinds: readonly LogFault[]): () => LogFault {
  let left = 0;
  let kind: LogFault = 'none';
  return () => {
    if (left-- > 0) return kind;
    left = Math.floor(random() * 8);
    kind = kinds[Math.floor(random() * kinds.length)] ?? 'none';
    return kind;
  };
}

async function liveThrough(seed: number, kinds: readonly LogFault[]): Promise<World> {
  const world = newWorld(seed);
  for (let life = 0; life < 3; life++) {
    const crashAt = 1 + Math.floor(world.random() * 250);
    await live(world, { crashAt, fault: faultsOf(world, kinds) });
  }
  await live(world, { crashAt: Infinity, fault: () => 'none' });
  return world;
}

function expectEverything({ log, acknowledged, tried }: World): void {
  for (const [partition, names] of acknowledged) {
    const first = [...new Set(log.names.get(partition))];
    const isAcknowledged = new Set(names);
    expect(first.filter((name) => isAcknowledged.has(name))).toEqual(names);
    expect(first.filter((name) => !tried.has(name))).toEqual([]);
  }
}

const repeatsOf = ({ log }: World): number =>
  [...log.names.values()].reduce((sum, names) => sum + names.length - new Set(names).size, 0);

/** Every seed is three lives that end anywhere, and one that drains. */
const seeds = { numRuns: 60 };
const TIMEOUT_MS = 120_000;

describe('a process that dies anywhere, with power loss or without', () => {
  it('loses and reorders nothing acknowledged, whatever the log does', { timeout: TIMEOUT_MS }, async () => {
    let crashes = 0;
    const property = fc.asyncProperty(fc.nat(), async (seed) => {
      const world = await liveThrough(seed, ['none', 'none', 'not stored', 'stored', 'late']);
      crashes += world.crashes;
      expectEverything(world);
      expect(world.told.filter((fact) => fact.startsWith('set aside refused'))).toEqual([]);
    });
    await fc.assert(property, seeds);
    expect(crashes).toBeGreaterThan(seeds.numRuns);
  });

  it('repeats a batch per crash at most where each fault of the log is clear', { timeout: TIMEOUT_MS }, async () => {
    let repeats = 0;
    const property = fc.asyncProperty(fc.nat(), async (seed) => {
      const world = await liveThrough(seed, ['none', 'not stored']);
      expectEverything(world);
      repeats += repeatsOf(world);
      expect(repeatsOf(world)).toBeLessThanOrEqual(world.crashes * world.log.largest);
    });
    await fc.assert(property, seeds);
    // Else the bound above would say nothing.
    expect(repeats).toBeGreaterThan(0);
  });
});
