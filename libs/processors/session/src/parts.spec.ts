import { unpackLines, type LogRecord, type SessionRow } from '@productgraph/contracts';
import type { PartitionHandler, PartitionRef } from '@productgraph/kernel';
import { sessionRow, storedEvent } from '@productgraph/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trackAssignments } from './assignments.ts';
import { createSessionRowSink } from './session-rows.ts';
import { ownerOf, stateKeyOf } from './state-key.ts';

const clock = { now: () => 7, sleep: () => Promise.resolve() };

describe('state keys', () => {
  it('tell whose sessions a state holds, whatever the ids look like', () => {
    const id = fc.string({ unit: 'grapheme', maxLength: 20 });
    fc.assert(
      fc.property(id, fc.option(id), fc.nat({ max: 9 }), (userId, sessionId, lane) => {
        const event = storedEvent({ timestamp: 0, userId, sessionId, lane });
        expect(ownerOf(stateKeyOf(event))).toEqual({ projectId: event.projectId, userKey: `u:${userId}`, lane });
      }),
    );
  });

  it('differ for different users, lanes and client sessions', () => {
    const keys = [
      {},
      { userId: 'a b' },
      { userId: 'a', sessionId: 'b' },
      { userId: 'a' },
      { lane: 1 },
      { sessionId: '' },
    ];
    expect(new Set(keys.map((fields) => stateKeyOf(storedEvent({ timestamp: 0, ...fields })))).size).toBe(keys.length);
  });
});

describe('session rows', () => {
  async function appended(rows: readonly SessionRow[]): Promise<readonly LogRecord[]> {
    const found: LogRecord[] = [];
    const append = (appends: readonly { readonly records: readonly LogRecord[] }[]): Promise<number[]> => {
      found.push(...appends.flatMap(({ records }) => records));
      return Promise.resolve([0]);
    };
    await createSessionRowSink({ log: { append }, clock, producer: 'spec' })(rows, 3);
    return found;
  }
  const projectId = storedEvent({ timestamp: 0 }).projectId;

  it.each([
    ['nothing', 0, '/', []],
    ['a few', 3, '/', [3]],
    ['more than 500 lines', 1_001, '/', [500, 500, 1]],
    ['more than 256 KB', 5, '/'.repeat(100_000), [2, 2, 1]],
  ])('are packed by lines and bytes: %s', async (...[, count, entryPath, sizes]) => {
    const rows = Array.from({ length: count }, (_, n) =>
      sessionRow({ projectId, sessionId: `s${String(n)}`, entryPath }),
    );
    const records = await appended(rows);
    expect(records.map((record) => record.count)).toEqual(sizes);
    expect(records.flatMap((record) => unpackLines(record.payload).map((line) => JSON.parse(line) as unknown))).toEqual(
      rows,
    );
  });
});

describe('assignments', () => {
  it('are what the runner owns', async () => {
    const idle: PartitionHandler = {
      assigned: () => Promise.resolve(5),
      batch: () => Promise.resolve(6),
      idle: () => Promise.resolve(null),
      revoked: () => Promise.resolve(),
    };
    const handler = trackAssignments(idle);
    const [first, second] = [0, 1].map((partition): PartitionRef => ({ topic: 'events', generation: 1, partition }));
    expect(await handler.assigned(first!, { low: 0, high: 9 })).toBe(5);
    await handler.assigned(second!, { low: 0, high: 9 });
    await handler.revoked(first!);
    expect(handler.assignments()).toEqual([second]);
    expect(await handler.batch({ partition: second!, records: [], high: 9 })).toBe(6);
    expect(await handler.idle(second!)).toBeNull();
  });
});
