import type { EventLog } from '@productgraph/kernel';
import { recordOf, systemClock } from '@productgraph/testing';

/** What an appender knows of one record: acknowledged at an offset, or not known. */
export interface Fate {
  readonly name: string;
  readonly partition: number;
  /** Null when the append was rejected: it may be stored or not. */
  readonly offset: number | null;
}

export interface Load {
  readonly fates: readonly Fate[];
  /** Longest time between two acknowledgements, milliseconds. */
  longestGap(): number;
  /** Ends it when appends under way are known. */
  stop(): Promise<void>;
}

/** `appenders` at once, each appending one record after the other to its partition, over 4 partitions. */
export function startLoad(log: EventLog, { appenders, pauseMs = 5 }: { appenders: number; pauseMs?: number }): Load {
  const fates: Fate[] = [];
  let running = true;
  let last = Date.now();
  let gap = 0;

  async function run(appender: number): Promise<void> {
    const partition = appender % 4;
    for (let turn = 0; running; turn++) {
      const name = `a${appender}.${turn}`;
      const records = [recordOf(name, { payload: Buffer.alloc(300, appender) })];
      const firsts = await log.append([{ topic: 'events', partition, records }]).catch(() => null);
      if (firsts !== null) {
        gap = Math.max(gap, Date.now() - last);
        last = Date.now();
      }
      fates.push({ name, partition, offset: firsts?.[0] ?? null });
      await systemClock.sleep(pauseMs);
    }
  }

  const runs = Promise.all(Array.from({ length: appenders }, (_, appender) => run(appender)));
  return {
    fates,
    longestGap: () => Math.max(gap, Date.now() - last),
    stop: async () => {
      running = false;
      await runs;
    },
  };
}
