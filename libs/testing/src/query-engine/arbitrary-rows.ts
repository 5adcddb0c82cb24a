import type { SessionRow, StoredEvent } from '@productgraph/contracts';
import fc from 'fast-check';
import { at, type Rows } from './world.ts';

/** Small worlds with many coincidences: few users, few values, times on a coarse grid around a change of the clocks. */

export const FIELDS = [
  'event.type', 'event.name', 'page.path', 'user.id', 'anonymous.id', 'user.key', 'session.id', 'api.status', 'duration_ms',
  'event.is_bot', 'event.timestamp', 'event.sequence', 'properties.plan', 'properties.n', 'properties.a.b', 'properties.list.0',
  'context.locale', 'groups.company', 'session.entry_path', 'session.page_views', 'session.is_bounce', 'session.duration_ms',
  'session.session_id', 'session.state', 'session.start',
] as const; // prettier-ignore

export const SESSION_FIELDS = FIELDS.filter((field) => field.startsWith('session.') && field !== 'session.id');
export const NUMBER_FIELDS = [
  'api.status',
  'duration_ms',
  'event.sequence',
  'properties.n',
  'properties.plan',
  'session.page_views',
] as const;

const START = at('29T20:00');
const GRID = 15 * 60_000;
const STEPS = 4 * 24 * 4;

const time = fc.integer({ min: 0, max: STEPS }).map((step) => START + step * GRID);
const oneOf = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

const user = oneOf(
  { userId: 'ann', anonymousId: null, userKey: 'u:ann' },
  { userId: 'ann', anonymousId: 'x', userKey: 'u:ann' },
  { userId: 'Bob', anonymousId: null, userKey: 'u:Bob' },
  { userId: null, anonymousId: 'x', userKey: 'a:x' },
  { userId: null, anonymousId: 'ann', userKey: 'a:ann' },
);

const kind = oneOf<Pick<StoredEvent, 'type' | 'name'>>(
  { type: 'page.view', name: null },
  { type: 'custom', name: 'A' },
  { type: 'custom', name: 'B' },
  { type: 'error', name: 'A' },
);

const NUMBERS = [
  '1',
  '1.0',
  '-2.5',
  '1e2',
  '"7"',
  '"7 "',
  '"x"',
  'null',
  '12345678901234567890',
  '"1e999"',
  '[1]',
  'true',
  '0.1',
] as const;
const properties = fc
  .record(
    {
      plan: oneOf('"pro"', '"Free"', '"free"', '""', 'null', '3'),
      n: oneOf(...NUMBERS),
      a: oneOf('{"b":1}', '{"b":"x"}', '{"c":2}', '5'),
      'a.b': oneOf('"flat"', 'null'),
      list: oneOf('[]', '["p",{"q":1}]', '[ 2 ]', '{"0":"zero"}'),
    },
    { requiredKeys: [] },
  )
  .map((members) => `{${Object.entries(members).map(([key, value]) => `"${key}": ${value}`).join(',')}}`); // prettier-ignore

const event = fc
  .record({
    identity: user,
    kind,
    timestamp: time,
    sequence: oneOf(0, 0, 1),
    sessionId: oneOf(null, null, 's1', 's2'),
    pagePath: oneOf(null, '/', '/a', '/B', '/a/b'),
    apiStatus: oneOf(null, 200, 404, 500),
    durationMs: oneOf(null, 0, 0.25, 1500),
    properties,
    context: oneOf('{}', '{"locale":"de"}', '{"locale":"en-GB"}'),
    groups: oneOf('{}', '{"company":"acme"}', '{"company":"Übel"}'),
    flags: oneOf(0, 0, 0, 0, 0, 1, 2),
  })
  .map(({ identity, kind: own, ...fields }) => ({ ...identity, ...own, ...fields }));

const session = fc
  .record({
    sessionId: oneOf('s1', 's2', 'm1', 'm2', 'm3', 'm4'),
    userKey: oneOf('u:ann', 'u:Bob', 'a:x', 'a:ann'),
    lane: oneOf(0, 0, 0, 1),
    start: time,
    length: oneOf(0, 0, 1, 2, 8, 100),
    state: oneOf<SessionRow['state']>('open', 'closed', 'settled', 'merged'),
    events: fc.integer({ min: 1, max: 3 }),
    pageViews: fc.integer({ min: 0, max: 2 }),
    errors: fc.integer({ min: 0, max: 1 }),
    entryPath: oneOf(null, '/', '/a'),
    exitPath: oneOf(null, '/', '/z'),
    referrer: oneOf(null, 'https://r'),
    utmSource: oneOf(null, 'mail'),
    userAgent: oneOf(null, 'Firefox', 'bot/1'),
    isBot: oneOf(false, false, false, true),
  })
  .map(({ length, ...fields }) => ({ ...fields, end: fields.start + length * GRID }));

/** Events and sessions of one project. */
export const rowsArbitrary: fc.Arbitrary<Rows> = fc.record({
  events: fc.array(event, { maxLength: 60, size: 'max' }),
  sessions: fc.uniqueArray(session, {
    maxLength: 14,
    size: 'max',
    selector: ({ sessionId, userKey, lane }) => `${sessionId} ${userKey} ${lane}`,
  }),
});

/** From ≤ to on the grid and off it. */
export const rangeArbitrary = fc
  .tuple(time, time, oneOf(0, 0, 1), oneOf('UTC', 'Europe/Berlin', 'Asia/Kathmandu'))
  .map(([a, b, off, timeZone]) => ({ from: Math.min(a, b), to: Math.max(a, b) + GRID + off, timeZone }));
