import { packLines, type LogRecord, type RecordSchema, type StoredEvent } from '@productgraph/contracts';
import type { EventDecoder, EventStore, StoreBlock, WriteResult } from '@productgraph/domain-event';
import { createEventDecoder } from '@productgraph/domain-event';
import type { ConsumedRecord, GroupPartition, TaskBatch } from '@productgraph/kernel';
import { describe, expect, it } from 'vitest';
import { createEventWriterTask } from './event-writer.ts';

const PROJECT = '01900000-0000-7000-8000-000000000001';
const partition: GroupPartition = { group: 'event-writer', topic: 'events', generation: 1, partition: 0 };

const decode: EventDecoder = createEventDecoder({ decodeLine: (line) => JSON.parse(line) as StoredEvent });
const eventLineOf = (eventId: string, receivedAt = 60_000): string =>
  JSON.stringify({ eventId, projectId: PROJECT, receivedAt });

function record(offset: number, schema: RecordSchema, lines: readonly string[]): ConsumedRecord {
  const base: LogRecord = {
    schema,
    count: lines.length,
    receivedAt: 60_000,
    ids: new Uint8Array(),
    counts: schema === 'events/1' ? { [PROJECT]: { '1': lines.length } } : {},
    producer: 'spec',
    payload: packLines(lines),
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  };
  return { ...base, offset };
}

function batchOf(
  records: readonly ConsumedRecord[],
  duplicates: readonly (readonly [record: number, line: number])[] = [],
): TaskBatch {
  const last = records.at(-1)?.offset ?? 0;
  return {
    partition,
    records,
    isDuplicate: (at, line) => duplicates.some(([r, l]) => r === at && l === line),
    position: { next: last + 1, windowStart: 3, time: 60_000 },
  };
}

/** A store that keeps blocks and answers as told. */
function recordingStore(answer: WriteResult | null): Pick<EventStore, 'position' | 'write'> & { blocks: StoreBlock[] } {
  const blocks: StoreBlock[] = [];
  return {
    blocks,
    position: () => Promise.resolve({ next: 7, windowStart: 3, time: 5 }),
    write: (block) => {
      blocks.push(block);
      return Promise.resolve(answer);
    },
  };
}

function writer(answer: WriteResult | null = { inserted: 1, duplicates: 0, refused: 0 }): {
  run: (batch: TaskBatch) => Promise<boolean>;
  block: () => StoreBlock | undefined;
  facts: { inserted: number }[];
} {
  const store = recordingStore(answer);
  const facts: { inserted: number }[] = [];
  const clock = { now: () => 0, sleep: () => Promise.resolve() };
  const task = createEventWriterTask({ store, decode, clock, telemetry: { blockWritten: (fact) => facts.push(fact) } })(
    partition,
  );
  return { run: (batch) => task.batch(batch), block: () => store.blocks[0], facts };
}

describe('event writer', () => {
  it('makes one block of a contiguous range, with position and accepted counts', async () => {
    const { run, block, facts } = writer();
    const batch = batchOf([
      record(7, 'events/1', [eventLineOf('a'), eventLineOf('b')]),
      record(8, 'events/1', [eventLineOf('c')]),
    ]);
    await expect(run(batch)).resolves.toBe(true);
    expect(block()).toMatchObject({
      first: 7,
      last: 8,
      windowStart: 3,
      time: 60_000,
      accepted: { [PROJECT]: { '1': 3 } },
    });
    expect(block()?.events.map(({ event, offset }) => [event.eventId, offset])).toEqual([['a', 7], ['b', 7], ['c', 8]]); // prettier-ignore
    expect(facts).toMatchObject([{ inserted: 1 }]);
  });

  it('leaves duplicates out and counts them by minute of receipt', async () => {
    const { run, block } = writer();
    await run(batchOf([record(0, 'events/1', [eventLineOf('a'), eventLineOf('a', 120_000)])], [[0, 1]]));
    expect(block()?.events.map(({ event }) => event.eventId)).toEqual(['a']);
    expect(block()?.duplicates).toEqual({ [PROJECT]: { '2': 1 } });
  });

  it('quarantines a broken line with its place and keeps the rest; a repeat makes the same entry', async () => {
    const [first, second] = [writer(), writer()];
    const batch = batchOf([record(5, 'events/1', ['{broken', eventLineOf('b')])]);
    await first.run(batch);
    await second.run(batch);
    expect(first.block()?.events).toHaveLength(1);
    expect(first.block()?.quarantine).toMatchObject([
      {
        projectId: PROJECT,
        stage: 'decode',
        payload: '{broken',
        position: 0,
        source: 'events.1 partition 0 offset 5',
        traceId: '0af7651916cd43dd8448eb211c80319c',
      },
    ]);
    expect(second.block()).toEqual(first.block());
  });

  it('carries sessions and quarantine entries of their topics, and skips control records', async () => {
    const { run, block } = writer();
    const lines = [JSON.stringify({ sessionId: 's' })];
    await run(
      batchOf([
        record(0, 'sessions/1', lines),
        record(1, 'quarantine/1', ['{"id":"q"}']),
        record(2, 'control/1', ['{}']),
      ]),
    );
    expect(block()).toMatchObject({ sessions: [{ sessionId: 's' }], quarantine: [{ id: 'q' }], events: [], last: 2 });
  });

  it.each(['sessions/1', 'quarantine/1'] as const)(
    'keeps what it cannot read of %s in quarantine and goes on',
    async (schema) => {
      const { run, block } = writer();
      const tooLarge = { ...record(1, schema, ['{}']), payload: packLines([`"${'x'.repeat(3_000_000)}"`]) };
      await run(batchOf([record(0, schema, ['{broken', '{"id":"good"}']), tooLarge]));
      const { sessions = [], quarantine = [] } = block() ?? {};
      const refused = quarantine.filter(({ stage }) => stage === 'decode');
      expect(refused).toHaveLength(2);
      expect(new Set(refused.map(({ id }) => id)).size).toBe(2);
      expect([...sessions, ...quarantine]).toContainEqual({ id: 'good' });
    },
  );

  it('tells a lost head to the runner and no fact to telemetry', async () => {
    const { run, facts } = writer(null);
    await expect(run(batchOf([record(0, 'events/1', [eventLineOf('a')])]))).resolves.toBe(false);
    expect(facts).toEqual([]);
  });
});
