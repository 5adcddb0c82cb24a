import { createMemoryLog, createMemoryStateStore } from '@productgraph/adapter-memory';
import { describe, expect, it, vi } from 'vitest';
import { createKeyedFoldTask, type KeyedFold } from '../keyed-fold.ts';
import { createPartitionRunner } from '../partition-runner.ts';
import { GuideClock, wordsOf, wordsRecord } from './fixtures.ts';

/*
 * Chapter 3: state and timers.
 * Most processors keep a state per key. They write only the pure part: how an event changes a state, what is due when, what goes out.
 * Loading, saving by compare-and-set, emitting before saving and firing timers in order are the kernel's.
 */

interface Tally {
  readonly words: readonly string[];
}

/** Collects words by first letter and gives them out when a letter has been quiet for 10 ms of runner time. */
const byFirstLetter: KeyedFold<string, Tally, string> = {
  *decode(record, isDuplicate) {
    for (const [line, word] of wordsOf(record).entries())
      if (!isDuplicate(line)) yield { key: word.charAt(0), event: word };
  },
  fold: (state, word, { time }) => ({ state: { words: [...(state?.words ?? []), word] }, due: time + 10, emit: [] }),
  timer: (state, { key, version }) => ({
    state: null,
    due: null,
    emit: [`${key}: ${state.words.join(' ')} (after offset ${version.offset})`],
  }),
  serialise: (state) => JSON.stringify(state),
  parse: (text) => JSON.parse(text) as Tally,
  outputKey: (line) => line.charAt(0),
};

async function setUp() {
  const clock = new GuideClock();
  const log = createMemoryLog({ clock, partitions: 1 });
  const lines: string[] = [];
  const task = createKeyedFoldTask({
    fold: byFirstLetter,
    store: createMemoryStateStore(),
    emit: (outputs) => Promise.resolve(void lines.push(...outputs)),
  });
  const handler = createPartitionRunner({ group: 'tally', log, clock, task });
  const subscription = await log.consume({ group: 'tally', topics: ['events'], handler, idleMs: 5 });
  const append = (...words: string[]) =>
    log.append([{ topic: 'events', partition: 0, records: [wordsRecord(words, clock.now())] }]);
  return { clock, lines, append, subscription };
}

describe('chapter 3: state and timers', () => {
  it('fires a timer before the record that came after it was due', async () => {
    const { clock, lines, append, subscription } = await setUp();
    await append('event', 'export');
    clock.advance(20);
    await append('session');
    await vi.waitFor(() => {
      expect(lines).toEqual(['e: event export (after offset 0)']);
    });
    await subscription.stop();
  });

  it("follows the wall clock only at the log's end", async () => {
    const { clock, lines, append, subscription } = await setUp();
    await append('session');
    await vi.waitFor(() => {
      // The loop sleeps between its looks at the log; the chapter's clock has to be moved for it to look again.
      clock.advance(5);
      expect(lines).toEqual(['s: session (after offset 0)']);
    });
    await subscription.stop();
  });
});
