import type { QuarantineEntry } from '@productgraph/contracts';
import { LogUnavailable } from '@productgraph/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Api, type Loose, NOW, startApi } from '../testing/api.ts';

let api: Api;
let token: string;
beforeEach(async () => {
  api = await startApi();
  token = api.token('admin', api.shop.id);
});
afterEach(() => api.close());

async function data(query: string, bearer = token): Promise<Loose> {
  const { errors, data } = await api.ask(query, bearer);
  expect(errors).toEqual([]);
  return data;
}

describe('where is my event', () => {
  const ask = (bearer = token) =>
    data(
      `{ event(id: "bad-1") { eventId place explanation stored { timestamp receivedAt logPartition logOffset } quarantined { payload code } } }`,
      bearer,
    );

  it('stored', async () => {
    api.ledger.store(api.shop.id, 'bad-1');
    expect((await ask()).event).toMatchObject({
      eventId: 'bad-1',
      place: 'stored',
      stored: { timestamp: new Date(NOW).toISOString(), logPartition: 1, logOffset: 9 },
      quarantined: null,
    });
  });

  it('refused, with its payload for those who may see it', async () => {
    api.ledger.refuse(api.shop.id);
    expect((await ask()).event).toMatchObject({
      place: 'quarantined',
      stored: null,
      quarantined: { code: 'invalid_type' },
    });
    const { event } = await ask(api.token('viewer', api.shop.id));
    expect(event).toMatchObject({
      place: 'quarantined',
      quarantined: null,
      explanation: expect.stringContaining('No such type'),
    });
  });

  it('nowhere, or in another project', async () => {
    api.ledger.store(api.blog.id, 'bad-1');
    expect((await ask()).event).toMatchObject({ place: 'unknown', stored: null, quarantined: null });
  });
});

describe('quarantine', () => {
  const ENTRY = 'id receivedAt stage code message eventId payload position source traceId';

  it('lists refused events, newest first, in pages', async () => {
    const entries = [1, 2, 3].map((n) => api.ledger.refuse(api.shop.id, { eventId: `e${n}` }));
    api.ledger.refuse(api.blog.id);
    const page = (args: string) =>
      data(`{ quarantine(${args}) { edges { cursor node { ${ENTRY} } } pageInfo { hasNextPage endCursor } } }`);
    const first = (await page('first: 2')).quarantine;
    expect(first.edges.map((edge: Loose) => edge.node.eventId)).toEqual(['e3', 'e2']);
    expect(first.edges[0].node).toEqual({
      id: entries[2]?.id,
      receivedAt: new Date(NOW).toISOString(),
      stage: 'ingest',
      code: 'invalid_type',
      message: 'No such type',
      eventId: 'e3',
      payload: '{"event.type":"nope","n":12345678901234567890}',
      position: 0,
      source: 'req-1',
      traceId: null,
    });
    expect(first.pageInfo).toEqual({ hasNextPage: true, endCursor: entries[1]?.id });
    const second = (await page(`first: 2, after: "${first.pageInfo.endCursor}"`)).quarantine;
    expect(second.edges.map((edge: Loose) => edge.node.eventId)).toEqual(['e1']);
    expect(second.pageInfo).toEqual({ hasNextPage: false, endCursor: entries[0]?.id });
  });

  it('counts and filters by code and stage', async () => {
    api.ledger.refuse(api.shop.id);
    api.ledger.refuse(api.shop.id, { code: 'unreadable_line', stage: 'import' });
    api.ledger.refuse(api.shop.id, { code: 'unreadable_line', stage: 'import' });
    const ask = (args: string) => data(`{ quarantine${args} { edges { node { code } } counts { code stage count } } }`);
    const all = (await ask('')).quarantine;
    expect(all.counts).toEqual([
      { code: 'unreadable_line', stage: 'import', count: 2 },
      { code: 'invalid_type', stage: 'ingest', count: 1 },
    ]);
    expect((await ask('(code: "invalid_type")')).quarantine.edges).toHaveLength(1);
    expect((await ask('(stage: import)')).quarantine.edges).toHaveLength(2);
  });

  it.each([
    ['first: 0', ['first']],
    ['first: 1001, after: "nope"', ['first', 'after']],
  ])('refuses %s', async (args, fields) => {
    const { errors } = await api.ask(`{ quarantine(${args}) { edges { cursor } } }`, token);
    expect(errors[0]?.extensions.code).toBe('invalid_request');
    expect((errors[0]?.extensions.faults as string[]).map((text) => text.split(':')[0])).toEqual(fields);
  });
});

describe('replay', () => {
  const replay = async (ids: readonly string[], fix = ''): Promise<Loose> => {
    const list = ids.map((id) => `"${id}"`).join();
    return data(
      `mutation { replayQuarantine(ids: [${list}] ${fix}) { accepted rejected errors { id code message } } }`,
    );
  };
  const left = async (): Promise<number> =>
    (await data('{ quarantine { edges { cursor } } }')).quarantine.edges.length as number;
  const sent: QuarantineEntry[][] = [];
  beforeEach(() => {
    sent.length = 0;
    api.replay = async (entries) => {
      sent.push([...entries]);
      return { accepted: entries.length, rejected: 0, errors: [] };
    };
  });

  it('sends an event once, with the id of its entry when it has none', async () => {
    const { id } = api.ledger.refuse(api.shop.id);
    expect((await replay([id])).replayQuarantine).toEqual({ accepted: 1, rejected: 0, errors: [] });
    expect(sent[0]?.[0]?.payload).toBe(`{"event.type":"nope","n":12345678901234567890,"event_id":"${id}"}`);
    expect(await left()).toBe(0);
    expect((await replay([id])).replayQuarantine).toEqual({ accepted: 0, rejected: 0, errors: [] });
    expect(sent).toHaveLength(1);
  });

  it('fixes fields first', async () => {
    const { id } = api.ledger.refuse(api.shop.id);
    await replay(
      [id],
      'fix: [{field: "event.type", value: "custom"}, {field: "event.name", value: "x"}, {field: "gone"}]',
    );
    const event = '"event.type":"custom","n":12345678901234567890,"event.name":"x"';
    expect(sent[0]?.[0]?.payload).toBe(`{${event},"event_id":"${id}"}`);
  });

  it('tells what is refused again', async () => {
    const { id } = api.ledger.refuse(api.shop.id);
    const errors = [{ id, code: 'invalid_type' as const, message: 'Still not' }];
    api.replay = async () => ({ accepted: 0, rejected: 1, errors });
    expect((await replay([id])).replayQuarantine).toEqual({ accepted: 0, rejected: 1, errors });
  });

  it('leaves what cannot be fixed where it is', async () => {
    const good = api.ledger.refuse(api.shop.id);
    const line = api.ledger.refuse(api.shop.id, { payload: '64.242.88.10 - - [' });
    const { replayQuarantine } = await replay([good.id, line.id], 'fix: [{field: "a", value: 1}]');
    expect(replayQuarantine).toMatchObject({
      accepted: 1,
      rejected: 1,
      errors: [{ id: line.id, code: 'malformed_body' }],
    });
    expect(await left()).toBe(1);
  });

  it('refuses raw lines of an import', async () => {
    const line = api.ledger.refuse(api.shop.id, { stage: 'import', payload: '64.242.88.10 - - [' });
    const { replayQuarantine } = await replay([line.id]);
    expect(replayQuarantine).toMatchObject({
      accepted: 0,
      rejected: 1,
      errors: [{ id: line.id, code: 'unreadable_line' }],
    });
    expect(sent).toEqual([]);
    expect(await left()).toBe(1);
  });

  it('sends before it marks: a crash in between loses nothing, and the same is sent again', async () => {
    const { id } = api.ledger.refuse(api.shop.id);
    const mark = api.ledger.markReplayed.bind(api.ledger);
    api.ledger.markReplayed = async () => {
      throw new Error('killed');
    };
    const { errors } = await api.ask(`mutation { replayQuarantine(ids: ["${id}"]) { accepted } }`, token);
    expect(errors).toHaveLength(1);
    expect(await left()).toBe(1);
    api.ledger.markReplayed = mark;
    await replay([id]);
    expect(sent[1]).toEqual(sent[0]);
    expect(await left()).toBe(0);
  });

  it('keeps everything when the log is down', async () => {
    const { id } = api.ledger.refuse(api.shop.id);
    api.replay = async () => {
      throw new LogUnavailable('no space left on /secret/disk');
    };
    const { errors, text } = await api.ask(`mutation { replayQuarantine(ids: ["${id}"]) { accepted } }`, token);
    expect(errors[0]?.extensions.code).toBe('unavailable');
    expect(text).not.toContain('secret');
    expect(await left()).toBe(1);
  });

  it('leaves out ids of other projects and what is no id', async () => {
    const { id } = api.ledger.refuse(api.blog.id);
    expect((await replay([id, 'nope'])).replayQuarantine).toEqual({ accepted: 0, rejected: 0, errors: [] });
    expect(sent).toEqual([]);
  });

  it('takes 1 to 1,000 ids', async () => {
    const { errors } = await api.ask('mutation { replayQuarantine(ids: []) { accepted } }', token);
    expect(errors[0]?.extensions).toMatchObject({ code: 'invalid_request', faults: ['ids: has to be 1 to 1000 ids'] });
  });
});

describe('ledger', () => {
  const FIELDS = 'received accepted stored duplicate rejected quarantinedLater erased unaccounted';
  const minute = Math.floor(NOW / 60_000);

  it('adds up minute by minute, as columns', async () => {
    const { id: projectId } = api.shop;
    api.ledger.addRow({
      projectId,
      minute: minute - 2,
      accepted: 10,
      stored: 7,
      duplicate: 1,
      quarantinedLater: 1,
      rejected: 2,
    });
    api.ledger.addRow({ projectId, minute: minute - 1, accepted: 5, stored: 4, erased: 1 });
    api.ledger.addRow({ projectId, minute: minute - 60 * 25, accepted: 99 });
    api.ledger.addRow({ projectId: api.blog.id, minute, accepted: 99 });
    const { ledger } = await data(`{ ledger { buckets ${FIELDS} total { ${FIELDS} } settledUpTo } }`);
    expect(ledger).toEqual({
      buckets: [minute - 2, minute - 1].map((at) => new Date(at * 60_000).toISOString()),
      received: [12, 5],
      accepted: [10, 5],
      stored: [7, 4],
      duplicate: [1, 0],
      rejected: [2, 0],
      quarantinedLater: [1, 0],
      erased: [0, 1],
      unaccounted: [1, 0],
      total: {
        received: 17,
        accepted: 15,
        stored: 11,
        duplicate: 1,
        rejected: 2,
        quarantinedLater: 1,
        erased: 1,
        unaccounted: 1,
      },
      settledUpTo: new Date(NOW - 86_400_000).toISOString(),
    });
  });

  it('of a range', async () => {
    api.ledger.addRow({ projectId: api.shop.id, minute: minute - 60 * 25, accepted: 99 });
    expect((await data('{ ledger(range: "-2d") { accepted } }')).ledger).toEqual({ accepted: [99] });
    const { errors } = await api.ask('{ ledger(range: "soon") { accepted } }', token);
    expect(errors[0]?.extensions).toMatchObject({
      code: 'invalid_request',
      faults: [expect.stringContaining('range')],
    });
  });
});

describe('health', () => {
  it.each([
    [['ok', 'ok'], 'ok'],
    [['ok', 'behind'], 'behind'],
    [['behind', 'missing'], 'missing'],
    [[], 'ok'],
  ] as const)('of components %j is %s', async (states, expected) => {
    const components = states.map((state, i) => ({ name: `part ${i}`, state, detail: null }));
    api.health = { components, lag: [{ group: 'event-writer', topic: 'events', partition: 3, records: 12 }] };
    const { health } = await data(
      '{ health { state components { name state detail } lag { group topic partition records } } }',
    );
    expect(health).toEqual({ state: expected, ...api.health });
  });
});
