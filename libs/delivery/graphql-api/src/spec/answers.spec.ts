import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, type Loose, startApi } from '../testing/api.ts';
import { EVENT } from '../testing/fake-engine.ts';

let api: Api;
let token: string;
beforeAll(async () => {
  api = await startApi();
  token = api.token('owner', api.shop.id);
});
afterAll(() => api.close());

/** Asked until the driver has compiled it: the compiled form must answer the same. */
async function data(query: string): Promise<Loose> {
  const first = await api.ask(query, token);
  expect({ status: first.status, errors: first.errors }).toEqual({ status: 200, errors: [] });
  for (let i = 0; i < 4; i++) expect((await api.ask(query, token)).text).toBe(first.text);
  return first.data;
}

const META = 'settledUpTo sampled tookMs cached';
const meta = { settledUpTo: '2026-01-01T00:00:00.000Z', sampled: false, tookMs: 1.5, cached: false };
const pageInfo = { hasNextPage: true, endCursor: 'c1' };
const day = ['2026-01-02T00:00:00.000Z', '2026-01-03T00:00:00.000Z'];

describe('answers', () => {
  it('trend', async () => {
    const lines = 'lines { label breakdown other values total }';
    const line = { label: 'A', breakdown: ['de', null], other: false, values: [1, null], total: 1 };
    expect(await data(`{ trend(input: {}) { buckets ${lines} previous { buckets ${lines} } ${META} } }`)).toEqual({
      trend: {
        ...meta,
        buckets: day,
        lines: [line, { ...line, breakdown: [], other: true }],
        previous: { buckets: ['2025-12-31T00:00:00.000Z', '2026-01-01T00:00:00.000Z'], lines: [line] },
      },
    });
  });

  it('funnel', async () => {
    const step = 'name count conversion conversionFromPrevious dropped medianTimeMs averageTimeMs';
    const groups = `groups { breakdown other steps { ${step} } histogram { upToMs count } }`;
    const trend = 'trend { buckets entered converted }';
    const found = await data(`{ funnel(input: {steps: [{event: {}}, {event: {}}]}) { ${groups} ${trend} ${META} } }`);
    const a = { conversionFromPrevious: null, medianTimeMs: null, averageTimeMs: 1.5 };
    expect(found.funnel).toEqual({
      ...meta,
      groups: [
        {
          breakdown: 'de',
          other: false,
          steps: [
            { ...a, name: 'a', count: 10, conversion: 1, dropped: 0 },
            { ...a, name: 'b', count: 4, conversion: 0.4, dropped: 6 },
          ],
          histogram: [
            { upToMs: 60_000, count: 3 },
            { upToMs: null, count: 1 },
          ],
        },
        {
          breakdown: null,
          other: true,
          steps: [{ ...a, name: 'a', count: 1, conversion: 0.1, dropped: 9 }],
          histogram: [],
        },
      ],
      trend: { buckets: day, entered: [10, 1], converted: [4, 0] },
    });
  });

  it('funnelUsers', async () => {
    const input = '{steps: [{event: {}}, {event: {}}]}';
    expect(await data(`{ funnelUsers(funnel: ${input}, step: 1) { users { userKey enteredAt } ${META} } }`)).toEqual({
      funnelUsers: { ...meta, users: [{ userKey: 'u:42', enteredAt: day[0] }] },
    });
  });

  it('retention', async () => {
    expect(await data(`{ retention(input: {}) { cohorts { start size returned } ${META} } }`)).toEqual({
      retention: { ...meta, cohorts: [{ start: day[0], size: 3, returned: [3, 1, null] }] },
    });
  });

  it('sessionMetrics', async () => {
    const metrics = 'sessions users bounceRate averageDurationMs medianDurationMs pagesPerSession eventsPerSession';
    const value = {
      sessions: 2,
      users: 1,
      bounceRate: 0.5,
      averageDurationMs: 30_000,
      medianDurationMs: 30_000,
      pagesPerSession: 1.5,
      eventsPerSession: 2.5,
    };
    const found = await data(`{ sessionMetrics(input: {}) { total { ${metrics} } series { buckets ${metrics} }
      groups { breakdown other metrics { ${metrics} } } durations { upToMs count } ${META} } }`);
    expect(found.sessionMetrics).toEqual({
      ...meta,
      total: value,
      series: {
        buckets: day,
        sessions: [2, 0],
        users: [1, 1],
        bounceRate: [0.5, null],
        averageDurationMs: [30_000, 30_000],
        medianDurationMs: [30_000, 30_000],
        pagesPerSession: [1.5, 1.5],
        eventsPerSession: [2.5, 2.5],
      },
      groups: [{ breakdown: null, other: false, metrics: value }],
      durations: [{ upToMs: null, count: 2 }],
    });
  });

  it('catalogue', async () => {
    expect(await data(`{ catalogue(input: {}) { items { value count lastSeen } ${META} } }`)).toEqual({
      catalogue: { ...meta, items: [{ value: 'order placed', count: 9, lastSeen: day[0] }] },
    });
  });

  it('fields', async () => {
    const { fields } = await data('{ fields { name type meaning } }');
    expect(fields).toContainEqual({ name: 'page.path', type: 'text', meaning: 'Path of the page, without query' });
  });

  const USER = 'userKey userId anonymousId firstSeen lastSeen events sessions';
  const user = {
    userKey: 'u:42',
    userId: '42',
    anonymousId: '1',
    firstSeen: '2026-01-01T00:00:00.000Z',
    lastSeen: day[0],
    events: 5_000_000_000,
    sessions: 2,
  };

  it('users', async () => {
    const page = 'pageInfo { hasNextPage endCursor }';
    expect(await data(`{ users(input: {}) { edges { cursor node { ${USER} } } ${page} ${META} } }`)).toEqual({
      users: { ...meta, edges: [{ cursor: 'c1', node: user }], pageInfo },
    });
  });

  it('a user with timeline and sessions, asked in the same scope', async () => {
    const found =
      await data(`{ user(input: {userKey: "u:42", timeZone: "Asia/Tokyo"}) { userKey summary { ${USER} } ${META}
      timeline(first: 2, event: {type: "error"}) { edges { node { eventId } } }
      sessions(first: 3, filter: {field: "session.is_bounce", value: true}) { edges { node { sessionId } } } } }`);
    expect(found.user).toEqual({
      ...meta,
      userKey: 'u:42',
      summary: user,
      timeline: { edges: [{ node: { eventId: 'e-1' } }] },
      sessions: { edges: [{ node: { sessionId: 's1' } }] },
    });
    const questions = api.engine.asked.slice(-2).map(({ question }) => question);
    expect(questions).toContainEqual(
      expect.objectContaining({
        kind: 'events',
        userKey: 'u:42',
        timeZone: 'Asia/Tokyo',
        page: { first: 2, after: null },
      }),
    );
    expect(questions).toContainEqual(
      expect.objectContaining({
        kind: 'sessions',
        userKey: 'u:42',
        filter: expect.objectContaining({ field: 'session.is_bounce' }),
      }),
    );
  });

  it('sessions', async () => {
    const fields = `sessionId userKeys state start end durationMs events pageViews errors isBounce entryPath exitPath referrer
      utmSource utmMedium utmCampaign userAgent isBot`;
    const { sessions } = await data(
      `{ sessions(input: {}) { edges { cursor node { ${fields} } } pageInfo { hasNextPage endCursor } ${META} } }`,
    );
    expect(sessions).toEqual({
      ...meta,
      pageInfo,
      edges: [
        {
          cursor: 'c1',
          node: {
            sessionId: 's1',
            userKeys: ['a:1', 'u:42'],
            state: 'settled',
            start: '2026-01-02T00:00:00.000Z',
            end: '2026-01-02T00:01:00.000Z',
            durationMs: 60_000,
            events: 3,
            pageViews: 2,
            errors: 0,
            isBounce: false,
            entryPath: '/a',
            exitPath: '/b',
            referrer: null,
            utmSource: null,
            utmMedium: null,
            utmCampaign: null,
            userAgent: 'Mozilla',
            isBot: false,
          },
        },
      ],
    });
  });

  it('events with every column', async () => {
    const type = api.app.graphql.schema.getType('Event') as unknown as { getFields(): Record<string, unknown> };
    const names = Object.keys(type.getFields());
    const { events } = await data(
      `{ events(input: {}) { edges { cursor node { ${names.join(' ')} } } pageInfo { hasNextPage endCursor } ${META} } }`,
    );
    const node = events.edges[0].node as Record<string, unknown>;
    const { projectId: _, ...columns } = EVENT;
    expect(Object.keys(columns).filter((name) => !(name in node))).toEqual([]);
    expect(node).toMatchObject({
      eventId: 'e-1',
      type: 'custom',
      name: 'order placed',
      timestamp: '2026-01-02T00:00:00.000Z',
      originalTimestamp: '2026-01-01T23:59:59.999Z',
      receivedAt: '2026-01-02T00:00:00.005Z',
      sentAt: null,
      apiStatus: 200,
      apiDurationMs: 1.25,
      flags: ['bot', 'future'],
      lane: 0,
      context: {},
      groups: { company: 'acme' },
      propertiesText: EVENT.properties,
      contextText: '{}',
      groupsText: EVENT.groups,
      uiStateAfter: null,
    });
    expect(events).toMatchObject({ ...meta, pageInfo });
  });

  it('numbers in properties as the client sent them, digit by digit', async () => {
    const { text } = await api.ask('{ events(input: {}) { edges { node { properties uiStateBefore } } } }', token);
    expect(text).toContain(`"properties":${EVENT.properties}`);
    expect(text).toContain('"uiStateBefore":{"n":1.10}');
  });
});

describe('whose project it is about', () => {
  const ask = (role: 'viewer', projectId: string | null, query = '{ trend(input: {}) { tookMs } }') =>
    api.ask(query, api.token(role, projectId));

  it("is the token's own", async () => {
    await ask('viewer', api.blog.id);
    expect(api.engine.asked.at(-1)?.question).toMatchObject({ projectId: api.blog.id, timeZone: 'UTC' });
  });

  it('has to be said where there are several', async () => {
    const { errors } = await ask('viewer', null);
    expect(errors[0]).toMatchObject({
      message: expect.stringContaining('give projectId: '),
      extensions: { code: 'invalid_request' },
    });
    for (const { id, name } of [api.shop, api.blog]) expect(errors[0]?.message).toContain(`"${name}" (${id})`);
    expect(errors[0]?.message).not.toContain(api.foreign.id);
    await ask('viewer', null, `{ trend(input: {projectId: "${api.blog.id}"}) { tookMs } }`);
    expect(api.engine.asked.at(-1)?.question).toMatchObject({ projectId: api.blog.id });
  });

  it("is the organisation's only one", async () => {
    const token = api.tenants.addToken(api.other.id, 'viewer');
    await api.ask('{ trend(input: {}) { tookMs } }', token);
    expect(api.engine.asked.at(-1)).toMatchObject({
      question: { projectId: api.foreign.id },
      options: { orgId: api.other.id },
    });
  });
});
