import { setTimeout as sleep } from 'node:timers/promises';
import type { Stack } from '@productgraph/tools/stack';

/** One fault of the schedule: what happens, and how it ends. */
export interface TierFault {
  readonly name: string;
  /** Strikes, lasts, and heals: everything runs again when it resolves. */
  run(stack: Stack, lastsMs: number): Promise<void>;
}

const killed = (...names: readonly string[]): TierFault => ({
  name: `kill ${names.join(', ')}`,
  async run(stack, lastsMs) {
    await Promise.all(names.map((name) => stack.kill(name)));
    await sleep(lastsMs);
    await Promise.all(names.map((name) => stack.start(name)));
  },
});

const paused = (name: string): TierFault => ({
  name: `pause ${name}`,
  async run(stack, lastsMs) {
    await stack.pause(name);
    await sleep(lastsMs);
    stack.resume(name);
  },
});

const restarted = (name: string): TierFault => ({
  name: `restart ${name}`,
  run: (stack) => stack.restart(name),
});

/** What is in one zone of the local stack. */
const ZONE_A = ['kafka-1', 'redis-1', 'ingestion-1', 'event-writer-1', 'session-processor-1'];

/** Every kind of fault that one machine allows, each process at least once, and a whole zone. */
export const TIER_FAULTS: readonly TierFault[] = [
  killed('kafka-1'),
  killed('kafka-2'),
  killed('kafka-3'),
  killed('clickhouse-1'),
  killed('clickhouse-2'),
  killed('redis-1'),
  killed('redis-2'),
  killed('redis-3'),
  killed('ingestion-1'),
  killed('ingestion-2'),
  killed('event-writer-1'),
  killed('event-writer-2'),
  killed('session-processor-1'),
  killed('session-processor-2'),
  killed('postgres'),
  killed('graphql-1'),
  paused('kafka-2'),
  paused('clickhouse-1'),
  paused('event-writer-2'),
  restarted('event-writer-1'),
  restarted('ingestion-2'),
  killed(...ZONE_A),
];

/** The list in an order of its own for each seed (Fisher and Yates). */
export function shuffled<T>(list: readonly T[], random: () => number): T[] {
  const items = [...list];
  for (let at = items.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [items[at], items[other]] = [items[other] as T, items[at] as T];
  }
  return items;
}
