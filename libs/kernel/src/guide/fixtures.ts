import { eventIdHash, packLines, unpackLines, type LogRecord } from '@productgraph/contracts';
import type { Clock } from '../clock.ts';
import type { ConsumedRecord } from '../event-log.ts';

/** A clock that the chapter moves by hand. Sleepers are woken when their time has come. */
export class GuideClock implements Clock {
  #now = 0;
  #sleepers: { at: number; wake: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#sleepers.push({ at: this.#now + ms, wake: resolve });
      signal?.addEventListener('abort', () => {
        reject(new Error('aborted'));
      });
    });
  }

  advance(ms: number): void {
    this.#now += ms;
    const due = this.#sleepers.filter((sleeper) => sleeper.at <= this.#now);
    this.#sleepers = this.#sleepers.filter((sleeper) => sleeper.at > this.#now);
    for (const { wake } of due) wake();
  }
}

/** A record whose lines are plain words; the word is its own event id. */
export function wordsRecord(words: readonly string[], receivedAt: number): LogRecord {
  const ids = Buffer.alloc(words.length * 8);
  for (const [at, word] of words.entries()) {
    const { hi, lo } = eventIdHash('guide', word);
    ids.writeUInt32BE(hi, at * 8);
    ids.writeUInt32BE(lo, at * 8 + 4);
  }
  const payload = packLines(words);
  return { schema: 'events/1', count: words.length, receivedAt, ids, counts: {}, producer: 'guide', payload };
}

export function wordsOf(record: ConsumedRecord): string[] {
  return unpackLines(record.payload);
}
