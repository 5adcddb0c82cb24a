import {
  type CatalogueQuestion,
  type EventsQuestion,
  type Filter,
  type FunnelQuestion,
  type FunnelUsersQuestion,
  OPERATORS,
  type Question,
  QUESTION_DEFAULTS,
  type RetentionQuestion,
  type Scope,
  type SessionMetricsQuestion,
  type SessionsQuestion,
  type TrendQuestion,
  type UsersQuestion,
} from '@productgraph/domain-query';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, NOW, startApi } from '../testing/api.ts';

let api: Api;
let token: string;
beforeAll(async () => {
  api = await startApi();
  token = api.token('viewer', api.shop.id);
});
afterAll(() => api.close());

async function asked(query: string): Promise<Question | undefined> {
  const { errors } = await api.ask(query, token);
  expect(errors).toEqual([]);
  return api.engine.asked.at(-1)?.question;
}

const isSet: Filter = { kind: 'condition', field: 'user.id', operator: 'set', values: [] };
const SCOPE =
  '{ range: "2026-05-17/2026-05-18", timeZone: "Asia/Tokyo", includeBots: true, filter: {field: "user.id", operator: set}';
const scope = (): Scope => ({
  projectId: api.shop.id,
  from: Date.UTC(2026, 4, 16, 15),
  to: Date.UTC(2026, 4, 18, 15),
  timeZone: 'Asia/Tokyo',
  filter: isSet,
  includeBots: true,
});
const event = (type: string | null, name: string | null = null, filter: Filter | null = null) => ({
  type,
  name,
  filter,
});

/*
 * Each expected value is a whole question of the domain, written out: the compiler refuses one that lacks an option, so
 * an option that the schema cannot reach shows here.
 */
describe('every option of a question can be asked', () => {
  it('trend', async () => {
    const expected: TrendQuestion = {
      kind: 'trend',
      ...scope(),
      series: [
        {
          label: 'X',
          event: event('custom', 'order', isSet),
          measure: { kind: 'percentile', field: 'properties.price', percentile: 95 },
        },
        { label: 'B', event: event(null), measure: { kind: 'uniqueUsers' } },
        { label: 'C', event: event('page.view'), measure: { kind: 'avg', field: 'duration_ms' } },
      ],
      interval: 'hour',
      breakdowns: [{ field: 'page.path' }, { field: 'context.locale' }],
      breakdownLimit: 7,
      formula: 'B / C',
      comparePrevious: true,
      cumulative: false,
    };
    const question =
      await asked(`{ trend(input: ${SCOPE}, interval: hour, breakdowns: ["page.path", "context.locale"], breakdownLimit: 7,
      formula: "B / C", comparePrevious: true, series: [
        {label: "X", event: {type: "custom", name: "order", filter: {field: "user.id", operator: set}}, measure: percentile, field: "properties.price", percentile: 95}
        {measure: uniqueUsers}
        {event: {type: "page.view"}, measure: avg, field: "duration_ms"}
      ] }) { tookMs } }`);
    expect(question).toEqual(expected);
    const cumulative = await asked(`{ trend(input: ${SCOPE}, cumulative: true }) { tookMs } }`);
    expect(cumulative).toMatchObject({ cumulative: true, series: [{ label: 'A', measure: { kind: 'total' } }] });
  });

  const FUNNEL = `${SCOPE}, order: ordered, window: {days: 1, hours: 2, minutes: 3, seconds: 4, milliseconds: 5}, per: session,
    steps: [{name: "start", event: {type: "page.view"}}, {event: {name: "order"}}, {event: {type: "ui.click"}}, {event: {}}],
    exclusions: [{event: {type: "error"}, after: 0, before: 2}], holdConstant: "session.id",
    breakdown: "page.path", attribution: step, attributionStep: 1, breakdownLimit: 3, trendInterval: day }`;
  const funnel = (): FunnelQuestion => ({
    kind: 'funnel',
    ...scope(),
    steps: [
      { name: 'start', event: event('page.view') },
      { name: 'order', event: event(null, 'order') },
      { name: 'ui.click', event: event('ui.click') },
      { name: 'step 4', event: event(null) },
    ],
    order: 'ordered',
    windowMs: 93_784_005,
    exclusions: [{ event: event('error'), after: 0, before: 2 }],
    holdConstant: 'session.id',
    per: 'session',
    breakdown: { field: 'page.path' },
    attribution: { step: 1 },
    breakdownLimit: 3,
    trendInterval: 'day',
  });

  it('funnel', async () => {
    expect(await asked(`{ funnel(input: ${FUNNEL}) { tookMs } }`)).toEqual(funnel());
  });

  it.each(['first', 'last'])('funnel by the %s touch', async (attribution) => {
    const steps = '[{event: {}}, {event: {}}]';
    expect(await asked(`{ funnel(input: {steps: ${steps}, attribution: ${attribution}}) { tookMs } }`)).toMatchObject({
      attribution,
    });
  });

  it('funnelUsers', async () => {
    const expected: FunnelUsersQuestion = {
      kind: 'funnelUsers',
      funnel: funnel(),
      step: 2,
      outcome: 'dropped',
      limit: 9,
    };
    const question = await asked(`{ funnelUsers(funnel: ${FUNNEL}, step: 2, outcome: dropped, first: 9) { tookMs } }`);
    expect(question).toEqual(expected);
  });

  it('retention', async () => {
    const expected: RetentionQuestion = {
      kind: 'retention',
      ...scope(),
      start: event('custom', 'signup'),
      return: event('page.view'),
      cohort: 'recurring',
      interval: 'week',
      periods: 4,
      mode: 'onOrAfter',
      minimumCount: 2,
    };
    const question =
      await asked(`{ retention(input: ${SCOPE}, start: {type: "custom", name: "signup"}, return: {type: "page.view"},
      cohort: recurring, interval: week, periods: 4, mode: onOrAfter, minimumCount: 2 }) { tookMs } }`);
    expect(question).toEqual(expected);
  });

  const PAGE = 'first: 3, after: ';
  const cursor = (...key: (string | number)[]): string => Buffer.from(JSON.stringify(key)).toString('base64url');

  it('events', async () => {
    const after = cursor(1, 2, 'e');
    const expected: EventsQuestion = {
      kind: 'events',
      ...scope(),
      event: event('error'),
      userKey: 'u:42',
      page: { first: 3, after },
    };
    const question = await asked(
      `{ events(input: ${SCOPE}, event: {type: "error"}, userKey: "u:42" }, ${PAGE}"${after}") { tookMs } }`,
    );
    expect(question).toEqual(expected);
  });

  it('users', async () => {
    const after = cursor(1, 'u:1');
    const expected: UsersQuestion = { kind: 'users', ...scope(), search: 'ann', page: { first: 3, after } };
    expect(await asked(`{ users(input: ${SCOPE}, search: "ann" }, ${PAGE}"${after}") { tookMs } }`)).toEqual(expected);
  });

  it('sessions', async () => {
    const after = cursor(1, 's', '');
    const expected: SessionsQuestion = { kind: 'sessions', ...scope(), userKey: 'a:1', page: { first: 3, after } };
    expect(await asked(`{ sessions(input: ${SCOPE}, userKey: "a:1" }, ${PAGE}"${after}") { tookMs } }`)).toEqual(
      expected,
    );
  });

  it('sessionMetrics', async () => {
    const expected: SessionMetricsQuestion = {
      kind: 'sessionMetrics',
      ...scope(),
      interval: 'hour',
      breakdown: { field: 'session.entry_path' },
      breakdownLimit: 4,
    };
    const input = `${SCOPE}, interval: hour, breakdown: "session.entry_path", breakdownLimit: 4 }`;
    expect(await asked(`{ sessionMetrics(input: ${input}) { tookMs } }`)).toEqual(expected);
  });

  it('catalogue', async () => {
    const expected: CatalogueQuestion = {
      kind: 'catalogue',
      ...scope(),
      of: 'values',
      field: 'page.path',
      search: 'blog',
      limit: 5,
    };
    const input = `${SCOPE}, of: values, field: "page.path", search: "blog" }`;
    expect(await asked(`{ catalogue(input: ${input}, first: 5) { tookMs } }`)).toEqual(expected);
  });
});

describe('what is left out', () => {
  const defaults = { from: Date.UTC(2026, 3, 19, 22), to: NOW + 1, timeZone: 'Europe/Berlin' };

  it.each([
    [
      'trend',
      'trend(input: {})',
      { ...QUESTION_DEFAULTS.trend, series: [{ label: 'A', event: event(null), measure: { kind: 'total' } }] },
    ],
    ['funnel', 'funnel(input: {steps: [{event: {}}, {event: {}}]})', QUESTION_DEFAULTS.funnel],
    ['retention', 'retention(input: {})', QUESTION_DEFAULTS.retention],
    ['events', 'events(input: {})', QUESTION_DEFAULTS.events],
    ['users', 'users(input: {})', QUESTION_DEFAULTS.users],
    ['sessions', 'sessions(input: {})', QUESTION_DEFAULTS.sessions],
    ['sessionMetrics', 'sessionMetrics(input: {})', QUESTION_DEFAULTS.sessionMetrics],
    ['catalogue', 'catalogue(input: {})', QUESTION_DEFAULTS.catalogue],
  ])(
    '%s has the defaults of the domain, the last 30 days and the time zone of the project',
    async (_kind, field, expected) => {
      expect(await asked(`{ ${field} { tookMs } }`)).toMatchObject({ ...expected, ...defaults });
    },
  );

  it('funnelUsers has the defaults of the domain', async () => {
    const question = await asked('{ funnelUsers(funnel: {steps: [{event: {}}, {event: {}}]}, step: 1) { tookMs } }');
    expect(question).toMatchObject(QUESTION_DEFAULTS.funnelUsers);
  });

  it('a user is looked for at all times, bots included', async () => {
    await api.ask('{ user(input: {userKey: "u:42"}) { summary { userKey } } }', token);
    expect(api.engine.asked.at(-1)?.question).toMatchObject({
      kind: 'users',
      from: Date.UTC(2000, 0, 1),
      to: NOW + 1,
      includeBots: true,
      filter: { kind: 'condition', field: 'user.key', operator: 'eq', values: ['u:42'] },
    });
  });
});

describe('filters', () => {
  const condition = (field: string, operator: string, ...values: unknown[]) => ({
    kind: 'condition',
    field,
    operator,
    values,
  });

  it.each([
    ['{field: "page.path", value: "/"}', condition('page.path', 'eq', '/')],
    ['{field: "page.path", values: ["/", "/a"]}', condition('page.path', 'in', '/', '/a')],
    ['{field: "api.status", operator: between, values: [200, 299]}', condition('api.status', 'between', 200, 299)],
    ['{field: "session.is_bounce", value: true}', condition('session.is_bounce', 'eq', true)],
    ['{not: {field: "user.id", operator: notSet}}', { kind: 'not', filter: condition('user.id', 'notSet') }],
    ['{and: []}', { kind: 'and', filters: [] }],
    [
      '{or: [{and: [{field: "user.id", value: "a"}]}, {field: "groups.company", operator: neq, value: "b"}]}',
      {
        kind: 'or',
        filters: [{ kind: 'and', filters: [condition('user.id', 'eq', 'a')] }, condition('groups.company', 'neq', 'b')],
      },
    ],
  ])('%s', async (input, expected) => {
    expect(await asked(`{ events(input: {filter: ${input}}) { tookMs } }`)).toMatchObject({ filter: expected });
  });

  it.each(OPERATORS)('operator %s', async (operator) => {
    const counts: Partial<Record<typeof operator, string>> = { set: '', notSet: '', between: 'values: [1, 2]' };
    const values =
      counts[operator] ?? (operator.endsWith('egex') || operator.endsWith('ontains') ? 'value: "x"' : 'value: 1');
    const filter = `{field: "properties.x", operator: ${operator} ${values}}`;
    expect(await asked(`{ events(input: {filter: ${filter}}) { tookMs } }`)).toMatchObject({ filter: { operator } });
  });
});

describe('faults of a question are told all at once', () => {
  it.each([
    [
      'trend(input: {range: "soon", timeZone: "Mars", series: [{measure: sum}, {measure: total, field: "a", percentile: 5}, {measure: percentile, field: "page.path"}], breakdownLimit: 0, formula: "A +"})',
      [
        'range',
        'timeZone',
        'series[0].field',
        'series[1].field',
        'series[1].percentile',
        'series[2].field',
        'series[2].percentile',
        'breakdownLimit',
        'formula',
      ],
    ],
    [
      'funnel(input: {steps: [{event: {type: "nope"}}], window: {days: -1}, attribution: step, holdConstant: "nope", breakdown: "nope"})',
      ['attributionStep', 'window', 'steps', 'steps[0].event.type', 'holdConstant', 'breakdown'],
    ],
    [
      'funnel(input: {steps: [{event: {}}, {event: {}}], attributionStep: 1, window: {}})',
      ['attributionStep', 'window'],
    ],
    ['funnelUsers(funnel: {steps: [{event: {}}, {event: {}}]}, step: 7, first: 0)', ['step', 'first']],
    ['events(input: {filter: {}}, first: 5000, after: "?")', ['filter', 'first', 'after']],
    ['events(input: {filter: {field: "a", and: []}})', ['filter']],
    ['events(input: {filter: {field: "user.id", value: 1, values: [2]}})', ['filter']],
    [
      'events(input: {filter: {and: [{not: {}}, {field: "nope", value: 1}]}})',
      ['filter.and[0].not', 'filter.filters[1].field'],
    ],
    ['retention(input: {periods: 91, minimumCount: 0})', ['periods', 'minimumCount']],
    ['catalogue(input: {of: values}, first: 0)', ['field', 'first']],
  ])('%s', async (field, paths) => {
    const before = api.engine.asked.length;
    const { status, errors } = await api.ask(`{ ${field} { tookMs } }`, token);
    expect(status).toBe(200);
    expect(errors).toHaveLength(1);
    expect(errors[0]?.extensions.code).toBe('invalid_request');
    const faults = errors[0]?.extensions.faults as string[];
    expect(faults.map((fault) => fault.slice(0, fault.indexOf(': '))).sort()).toEqual([...paths].sort());
    for (const fault of faults) expect(errors[0]?.message).toContain(fault);
    expect(api.engine.asked).toHaveLength(before);
  });

  it('a filter nested too deeply', async () => {
    const filter = `${'{not: '.repeat(25)}{field: "user.id", value: "x"}${'}'.repeat(25)}`;
    const { errors } = await api.ask(`{ events(input: {filter: ${filter}}) { tookMs } }`, token);
    expect(errors[0]?.extensions.faults).toEqual([expect.stringMatching(/^filter(\.not)+: nests deeper than 20$/)]);
  });
});

it('hands the tenant, the budget and a signal to the store', async () => {
  await api.ask('{ trend(input: {}) { tookMs } }', token);
  const options = api.engine.asked.at(-1)?.options;
  expect(options).toEqual({
    orgId: api.acme.id,
    budget: { timeMs: 30_000, rows: 100_000 },
    signal: expect.any(AbortSignal),
  });
});
