import { EVENT_FLAGS } from '@productgraph/contracts';
import type { Filter } from '@productgraph/domain-query';
import { beforeAll, expect, it } from 'vitest';
import { and, at, not, or, type QueryEngineFixture, type Rows, where, type World, worldOf } from './world.ts';

const T = at('30T10:00');

const ROWS: Rows = {
  events: [
    { eventId: '1', timestamp: T, pagePath: '/Cart', apiStatus: 200, properties: '{"n":1.0,"tags":["a", "b"],"deep":{"er":{"list":[1,{"x":"in"}]}}}' },
    { eventId: '2', timestamp: T + 1, pagePath: '/cart/pay', apiStatus: 404, properties: '{"n":"10","deep.er":"flat","t":true}' },
    { eventId: '3', timestamp: T + 2, pagePath: '', apiStatus: 500, properties: '{"n":"ten","t":"true","null":null}', groups: '{"company":"acme","a.b":"c"}' },
    { eventId: '4', timestamp: T + 3, apiDurationMs: 12.5, properties: '{"n":1152921504606846977,"s":"it\'s \\"é\\" \\u00fc 100%_\\\\"}', userId: null, anonymousId: 'x' },
    { eventId: '5', timestamp: T + 4, pagePath: 'line\nbreak', properties: '{"n":-2e1,"n ":0,"big":1e400}', context: '{"locale":"de","campaign":{"source":"mail"}}', uiStateAfter: '"on"', uiStateBefore: '{"a": 1}', flags: EVENT_FLAGS.historical },
  ],
  sessions: [
    { sessionId: 's', start: T, end: T + 2, entryPath: '/Cart', pageViews: 3, events: 3, userAgent: 'Firefox' },
    { sessionId: 'b', userKey: 'a:x', start: T + 3, end: T + 3, entryPath: null },
  ],
}; // prettier-ignore

const path = 'page.path';
const n = 'properties.n';

const CASES: readonly (readonly [title: string, filter: Filter, ids: string])[] = [
  ['eq', where(path, 'eq', '/Cart'), '1'],
  ['eq: case counts', where(path, 'eq', '/cart'), ''],
  ['eq: the empty text', where(path, 'eq', ''), '3'],
  ['neq: not set counts', where(path, 'neq', '/Cart'), '2345'],
  ['in', where(path, 'in', '/Cart', ''), '13'],
  ['notIn', where(path, 'notIn', '/Cart', ''), '245'],
  ['set', where(path, 'set'), '1235'],
  ['notSet', where(path, 'notSet'), '4'],
  ['contains, in either case', where(path, 'contains', 'CART'), '12'],
  ['notContains', where(path, 'notContains', 'cart'), '345'],
  ['contains: no wildcards', where('properties.s', 'contains', '%_\\'), '4'],
  ['contains: quotes', where('properties.s', 'contains', 'it\'s "é" ü'), '4'],
  ['contains: only ASCII in either case', where('properties.s', 'contains', 'É'), ''],
  ['regex', where(path, 'regex', '^/[Cc]art'), '12'],
  ['regex over lines', where(path, 'regex', '^line.break$'), '5'],
  ['regex: no multiline ends', where(path, 'regex', 'line$'), ''],
  ['regex: either case', where(path, 'regex', '(?i)^/cart$'), '1'],
  ['regex: word boundary', where(path, 'regex', '\\bpay\\b'), '2'],
  ['notRegex', where(path, 'notRegex', 'art'), '345'],
  ['regex: empty branch', where(path, 'regex', '^(?:/Cart|)$'), '13'],
  ['numbers: eq', where('api.status', 'eq', 404), '2'],
  ['numbers: eq from text', where('api.status', 'eq', '404'), '2'],
  ['numbers: neq', where('api.status', 'neq', 404), '1345'],
  ['numbers: in', where('api.status', 'in', 200, 500), '13'],
  ['lt', where('api.status', 'lt', 404), '1'],
  ['lte', where('api.status', 'lte', 404), '12'],
  ['gt', where('api.status', 'gt', 404), '3'],
  ['gte', where('api.status', 'gte', '404'), '23'],
  ['between', where('api.status', 'between', 200, 404), '12'],
  ['fractions', where('api.duration_ms', 'eq', 12.5), '4'],
  ['property: number', where(n, 'eq', 1), '1'],
  ['property: number in a text', where(n, 'eq', 10), '2'],
  ['property: text as spelled', where(n, 'eq', '1'), ''],
  ['property: text as spelled, all of it', where(n, 'eq', '1152921504606846977'), '4'],
  ['property: size leaves out what is no number', where(n, 'gt', -21), '1245'],
  ['property: between', where(n, 'between', -20, 1), '15'],
  ['property: mixed list', where(n, 'in', 'ten', 10), '23'],
  ['property: truth', where('properties.t', 'eq', true), '23'],
  ['property: null is not set', where('properties.null', 'notSet'), '12345'],
  ['property: too big for a number', where('properties.big', 'gt', 0), ''],
  ['property: too big is set', where('properties.big', 'set'), '5'],
  ['property: list as its text', where('properties.tags', 'eq', '["a", "b"]'), '1'],
  ['property: path into lists', where('properties.deep.er.list.1.x', 'eq', 'in'), '1'],
  ['property: a key with a dot', where('properties.deep.er', 'eq', 'flat'), '2'],
  ['property: a key with a blank', where('properties.n ', 'eq', 0), '5'],
  ['context', where('context.campaign.source', 'eq', 'mail'), '5'],
  ['groups: the whole type', where('groups.a.b', 'eq', 'c'), '3'],
  ['groups', where('groups.company', 'set'), '3'],
  ['state: unquoted', where('ui.state.after', 'eq', 'on'), '5'],
  ['state: object', where('ui.state.before', 'eq', '{"a": 1}'), '5'],
  ['time: milliseconds', where('event.timestamp', 'gt', T + 3), '5'],
  ['time: ISO', where('event.timestamp', 'lte', '2024-03-30T11:00:00.001+01:00'), '12'],
  ['time: equal', where('event.timestamp', 'in', T, T + 4), '15'],
  ['sequence', where('event.sequence', 'eq', 0), '12345'],
  ['flag', where('event.is_historical', 'eq', true), '5'],
  ['flag: false', where('event.is_historical', 'neq', 'true'), '1234'],
  ['identity', where('user.key', 'regex', '^a:'), '4'],
  ['session', where('session.entry_path', 'eq', '/Cart'), '123'],
  ['session: number', where('session.page_views', 'gte', 3), '123'],
  ['session: truth', where('session.is_bounce', 'eq', true), '4'],
  ['session: not set', where('session.entry_path', 'notSet'), '45'],
  ['session: time', where('session.start', 'eq', T + 3), '4'],
  ['and', and(where(path, 'set'), where('api.status', 'gt', 200)), '23'],
  ['or', or(where(path, 'eq', ''), where(n, 'eq', 1)), '13'],
  ['not', not(where(path, 'eq', '/Cart')), '2345'],
  ['not of a size: what is no number passes', not(where(n, 'lt', 5)), '234'],
  ['not of and', not(and(where(path, 'set'), where('api.status', 'eq', 200))), '2345'],
  ['not of or', not(or(where(path, 'notSet'), where('api.status', 'eq', 200))), '235'],
  ['not of not', not(not(where(path, 'contains', 'pay'))), '2'],
  ['and of nothing', and(), '12345'],
  ['or of nothing', or(), ''],
]; // prettier-ignore

/** What an injection would look like: every one of them is a value like any other. */
const NASTY = [
  "'; DROP TABLE events; --",
  '$1',
  '\\',
  '"',
  '%',
  "' OR '1'='1",
  '{"a":1}',
  '{a,b}',
  'NULL',
  '\u{1f600}',
];

export function filterCases(fixture: () => QueryEngineFixture): void {
  let world: World;
  beforeAll(async () => void (world = await worldOf(fixture(), ROWS)));

  const ids = async (filter: Filter): Promise<string> => {
    const { items } = await world.ask('events', { filter });
    return items.map(({ event }) => event.eventId).sort().join(''); // prettier-ignore
  };

  it.each(CASES)('%s', async (_, filter, expected) => {
    expect(await ids(filter)).toBe(expected);
  });

  it.each(NASTY)('takes %j as a value', async (value) => {
    expect(await ids(where(path, 'in', value, '/Cart'))).toBe('1');
    expect(await ids(where(`properties.${value}`, 'set'))).toBe('');
    expect(await ids(where(`properties.${value}`, 'neq', value))).toBe('12345');
    expect(await ids(where(path, 'contains', value))).toBe('');
  });
}
