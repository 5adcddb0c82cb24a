import { quarantineEntry } from '@productgraph/testing';
import { LogUnavailable } from '@productgraph/kernel';
import { beforeEach, describe, expect, it } from 'vitest';
import { NOW, startEdge, view, type Edge } from './spec-edge.ts';

let edge: Edge;
beforeEach(async () => {
  edge = await startEdge({ settings: { retentionDays: 30 } });
});

const entry = (payload: string, projectId = edge.project.id): ReturnType<typeof quarantineEntry> =>
  quarantineEntry({ projectId, payload });
const good = (fields: object = {}): string => JSON.stringify(view(fields));

describe('replay', () => {
  it('takes what is good now, as historical events received now', async () => {
    const old = Date.UTC(2020, 0, 1);
    const outcome = await edge.ingest.replay([entry(good({ event_id: 'a', 'event.timestamp': old }))]);
    expect(outcome).toEqual({ accepted: 1, rejected: 0, errors: [] });
    expect(edge.events()).toMatchObject([{ eventId: 'a', timestamp: old, receivedAt: NOW, flags: 2 }]);
  });

  it('names the entries that are refused again, which become new ones', async () => {
    const bad = [
      entry('{"event.type":"nope"}'),
      entry(''),
      entry(' \n\r '),
      entry('192.0.2.1 - - [x] "GET /"'),
      entry('\0'),
    ];
    const [nope, ...others] = bad;
    const outcome = await edge.ingest.replay([entry(good()), ...bad, entry(good())]);
    expect(outcome).toMatchObject({ accepted: 2, rejected: 5 });
    expect(outcome.errors).toEqual([
      { id: nope?.id, code: 'invalid_type', message: expect.any(String) },
      ...others.map(({ id }) => ({ id, code: 'invalid_event', message: expect.any(String) })),
    ]);
    const again = edge.quarantine();
    expect(again).toHaveLength(5);
    expect(again.map(({ id }) => id).filter((id) => bad.some((one) => one.id === id))).toEqual([]);
    expect(again.every(({ source, stage }) => source === 'replay' && stage === 'ingest')).toBe(true);
  });

  it('takes payloads that span lines', async () => {
    const payload = JSON.stringify(view({ event_id: 'a', properties: { a: 1 } }), null, '\r\n');
    expect(await edge.ingest.replay([entry(payload), entry(good({ event_id: 'b' }))])).toMatchObject({ accepted: 2 });
    expect(edge.events().map((event) => event.eventId)).toEqual(['a', 'b']);
  });

  it('takes more than a request may carry', async () => {
    const outcome = await edge.ingest.replay(Array.from({ length: 3_000 }, () => entry(good())));
    expect(outcome).toMatchObject({ accepted: 3_000, rejected: 0 });
    expect(edge.events()).toHaveLength(3_000);
  });

  it('counts an entry that was there twice as done', async () => {
    const outcome = await edge.ingest.replay([entry(good({ event_id: 'a' })), entry(good({ event_id: 'a' }))]);
    expect(outcome).toEqual({ accepted: 2, rejected: 0, errors: [] });
    expect(edge.events()).toHaveLength(1);
  });

  it('keeps projects apart', async () => {
    const other = '018f0000-0000-7000-8000-000000000001';
    const entries = [entry(good({ event_id: 'a' })), entry(good({ event_id: 'a' }), other), entry('x', other)];
    const outcome = await edge.ingest.replay(entries);
    expect(outcome).toEqual({
      accepted: 2,
      rejected: 1,
      errors: [{ id: entries[2]?.id, code: 'invalid_event', message: expect.any(String) }],
    });
    expect(
      edge
        .events()
        .map((event) => event.projectId)
        .sort(),
    ).toEqual([edge.project.id, other].sort());
    expect(edge.quarantine()).toMatchObject([{ projectId: other }]);
  });

  it('of nothing does nothing', async () => {
    expect(await edge.ingest.replay([])).toEqual({ accepted: 0, rejected: 0, errors: [] });
    expect(edge.log.appends).toEqual([]);
  });

  it('that the log does not take tells so, and nothing is counted', async () => {
    await edge.send(view());
    edge.log.fail(new LogUnavailable('away'));
    await expect(edge.ingest.replay([entry(good())])).rejects.toThrow(LogUnavailable);
    expect(edge.facts.told.eventsJudged).toHaveLength(1);
  });
});
