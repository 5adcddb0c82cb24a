import { createMemoryLog } from '@productgraph/adapter-memory';
import { describe, expect, it, vi } from 'vitest';
import { createPartitionRunner } from '../partition-runner.ts';
import type { PartitionTask, TaskPosition } from '../partition-task.ts';
import { GuideClock, wordsOf, wordsRecord } from './fixtures.ts';

/*
 * Chapter 2: a task on a log.
 * A processor is a task per partition. The runner reads the log for it, tells duplicates, and asks it to store effects and position
 * in one step. What the task has stored is the truth; the log's committed offset is only a hint.
 */

/** Where this chapter's task keeps words and position: one object, changed in one step. */
interface Shelf {
  words: string[];
  position: TaskPosition;
}

const emptyShelf = (): Shelf => ({ words: [], position: { next: null, windowStart: null, time: 0 } });

function createShelfTask(shelf: Shelf): PartitionTask {
  return {
    open: () => Promise.resolve(shelf.position),
    batch(batch) {
      const { records, position } = batch;
      const words = records.flatMap((record, at) => wordsOf(record).filter((_, line) => !batch.isDuplicate(at, line)));
      Object.assign(shelf, { words: [...shelf.words, ...words], position });
      return Promise.resolve(true);
    },
    tick: () => Promise.resolve(true),
  };
}

function newWorld() {
  const clock = new GuideClock();
  const log = createMemoryLog({ clock, partitions: 1 });
  const append = (...words: string[]) =>
    log.append([{ topic: 'events', partition: 0, records: [wordsRecord(words, clock.now())] }]);
  /** A process: a runner with its own memory, over the shelf and the log that survive it. */
  const startProcess = (shelf: Shelf) => {
    const handler = createPartitionRunner({ group: 'shelf', log, clock, task: () => createShelfTask(shelf) });
    return log.consume({ group: 'shelf', topics: ['events'], handler });
  };
  return { append, startProcess };
}

const hasRead = (shelf: Shelf, next: number) =>
  vi.waitFor(() => {
    expect(shelf.position.next).toBe(next);
  });

describe('chapter 2: a task on a log', () => {
  it('reads what was appended, in order, and leaves repeats out', async () => {
    const shelf = emptyShelf();
    const { append, startProcess } = newWorld();
    const process = await startProcess(shelf);
    await append('session', 'event');
    await append('event', 'funnel');
    await hasRead(shelf, 2);
    await process.stop();
    expect(shelf.words).toEqual(['session', 'event', 'funnel']);
  });

  it('goes on in another process at the position that was stored, and still knows the words before it', async () => {
    const shelf = emptyShelf();
    const { append, startProcess } = newWorld();
    const first = await startProcess(shelf);
    await append('session');
    await hasRead(shelf, 1);
    await first.stop();
    await append('session', 'event');
    const second = await startProcess(shelf);
    await hasRead(shelf, 2);
    await second.stop();
    expect(shelf.words).toEqual(['session', 'event']);
  });

  it('tells how far behind it is', async () => {
    const { append, startProcess } = newWorld();
    const process = await startProcess(emptyShelf());
    await append('lag');
    await vi.waitFor(async () => {
      expect(await process.lag()).toMatchObject([{ group: 'shelf', position: 1, records: 0, milliseconds: 0 }]);
    });
    await process.stop();
  });
});
