import { eventIdHash, partitionOf, unpackLines, type LogRecord } from '@productgraph/contracts';
import { beforeEach, describe, expect, it } from 'vitest';
import { NOW, startEdge, view, type Edge } from './spec-edge.ts';

let edge: Edge;
beforeEach(async () => {
  edge = await startEdge();
});

const PARTITIONS = [0, 1, 2, 3];
const recordsOf = (partition: number): readonly LogRecord[] => edge.log.memory.records('events', partition);
const records = (): LogRecord[] => PARTITIONS.flatMap(recordsOf);
const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('a record', () => {
  it('says what is in it', async () => {
    const events = Array.from({ length: 5 }, (_, n) => view({ event_id: `e${n}` }));
    await edge.send(events, { headers: { traceparent: TRACE } });
    const [record, ...others] = records();
    expect(others).toEqual([]);
    expect(record).toMatchObject({
      schema: 'events/1',
      count: 5,
      receivedAt: NOW,
      producer: 'spec',
      traceparent: TRACE,
      counts: { [edge.project.id]: { [String(Math.floor(NOW / 60_000))]: 5 } },
    });
    const ids = Buffer.concat(
      events.map((_, n) => {
        const { hi, lo } = eventIdHash(edge.project.id, `e${n}`);
        const bytes = Buffer.alloc(8);
        bytes.writeUInt32BE(hi, 0);
        bytes.writeUInt32BE(lo, 4);
        return bytes;
      }),
    );
    expect(Buffer.from(record?.ids ?? [])).toEqual(ids);
    expect(unpackLines(record?.payload ?? new Uint8Array())).toHaveLength(5);
  });

  it('of a request that is not sampled has no trace', async () => {
    await edge.send(view(), { headers: { traceparent: TRACE.replace(/01$/, '00') } });
    await edge.send(view(), { headers: { traceparent: 'nonsense' } });
    expect(records().map((record) => record.traceparent)).toEqual([undefined, undefined]);
  });

  it('counts what came at the time of its receipt', async () => {
    await edge.send([view(), view()]);
    edge.clock.set(NOW + 60_000);
    await edge.send(view());
    const minutes = records().flatMap(({ counts }) => Object.entries(counts[edge.project.id] ?? {}));
    expect(minutes).toEqual([
      [String(Math.floor(NOW / 60_000)), 2],
      [String(Math.floor(NOW / 60_000) + 1), 1],
    ]);
  });

  it('counts neither refused events nor duplicates', async () => {
    await edge.send([view({ event_id: 'a' }), view({ event_id: 'a' }), {}]);
    expect(records().map(({ count, counts }) => [count, Object.values(counts[edge.project.id] ?? {})])).toEqual([
      [1, [1]],
    ]);
  });

  it('holds at most 500 events and 256 KB', async () => {
    await edge.send(Array.from({ length: 1_000 }, () => view()));
    expect(records().map((record) => record.count)).toEqual([500, 500]);
    await edge.send(Array.from({ length: 10 }, () => view({ properties: { text: 'é'.repeat(45_000) } })));
    const large = records().slice(2);
    expect(large.reduce((sum, { count }) => sum + count, 0)).toBe(10);
    for (const record of large) {
      expect(Buffer.byteLength(unpackLines(record.payload).join('\n'))).toBeLessThanOrEqual(256 * 1024);
    }
  });
});

describe('a user’s events', () => {
  it.each([
    ['user.id', { 'user.id': 'u', 'anonymous.id': 'a', 'session.id': 's' }, 'u:u'],
    ['anonymous.id', { 'user.id': 'null', 'anonymous.id': 'a', 'session.id': 's' }, 'a:a'],
    ['session.id', { 'user.id': null, 'session.id': 's' }, 's:s'],
    ['an id with escapes', { 'user.id': 'é"\\😀' }, 'u:é"\\😀'],
  ])('go by %s', async (_what, fields, userKey) => {
    await edge.send(view(fields));
    const expected = partitionOf(edge.project.id, userKey, 4);
    expect(PARTITIONS.map((partition) => recordsOf(partition).length)).toEqual(
      PARTITIONS.map((partition) => (partition === expected ? 1 : 0)),
    );
    expect(edge.events()[0]?.userKey).toBe(userKey);
  });

  it('stay in the order sent, within and between requests', async () => {
    const users = Array.from({ length: 20 }, (_, n) => `user-${n}`);
    for (let request = 0; request < 5; request++) {
      const events = Array.from({ length: 100 }, (_, n) =>
        view({ 'user.id': users[(n * 7) % users.length], 'event.sequence': request * 100 + n }),
      );
      await edge.send(events);
    }
    const byUser = Map.groupBy(edge.events(), (event) => event.userKey);
    expect(byUser.size).toBe(users.length);
    for (const events of byUser.values()) {
      const sequences = events.map((event) => event.sequence);
      expect(sequences).toEqual(sequences.toSorted((a, b) => a - b));
      expect(sequences).toHaveLength(25);
    }
  });

  it('stay in the order sent when requests come together', async () => {
    const sent = Array.from({ length: 30 }, (_, n) =>
      edge.send([view({ 'event.sequence': 2 * n }), view({ 'event.sequence': 2 * n + 1 })]),
    );
    await Promise.all(sent);
    const sequences = edge.events().map((event) => event.sequence);
    expect(sequences).toEqual(Array.from({ length: 60 }, (_, n) => n));
  });
});

describe('of requests that come together', () => {
  it('each gets its own verdict, and the log all of their events', async () => {
    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, n) => edge.send([view({ event_id: `a${n}`, 'user.id': `u${n % 9}` }), { n }])),
    );
    expect(replies.every(({ status, json }) => status === 202 && json.accepted === 1 && json.rejected === 1)).toBe(
      true,
    );
    expect(new Set(edge.events().map((event) => event.eventId)).size).toBe(50);
    expect(edge.quarantine()).toHaveLength(50);
    for (const record of records()) {
      expect(record.count).toBe(unpackLines(record.payload).length);
      expect(record.ids.length).toBe(record.count * 8);
      const counted = Object.values(record.counts).flatMap((minutes) => Object.values(minutes));
      expect(counted.reduce((sum, count) => sum + count, 0)).toBe(record.count);
    }
  });

  it('two projects are counted apart', async () => {
    const other = await startEdge();
    expect(other.project.id).not.toBe(edge.project.id);
    await Promise.all([edge.send(view()), other.send(view())]);
    expect(Object.keys(records()[0]?.counts ?? {})).toEqual([edge.project.id]);
  });
});

it('as many partitions as the topic has', async () => {
  edge = await startEdge({ partitions: 24 });
  await edge.send(Array.from({ length: 500 }, (_, n) => view({ 'user.id': `user-${n}` })));
  const used = Array.from({ length: 24 }, (_, partition) => edge.log.memory.records('events', partition).length);
  expect(used.every((count) => count === 1)).toBe(true);
});
