import { describe, expect, it } from 'vitest';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { resolveQuestion, type Asked } from './defaults.ts';
import { InvalidQuestion } from './errors.ts';
import { FIELDS, fieldOf } from './fields.ts';
import type { Filter, Question } from './questions.ts';
import { average, conversionBounds, histogram, quantile } from './statistics.ts';
import { assertQuestion, validateQuestion } from './validate.ts';

const scope = { projectId: '01890000-0000-7000-8000-000000000001', from: 0, to: 86_400_000 };
const any = { type: null, name: null, filter: null };
const step = { name: 's', event: any };
const steps = [step, step];

const trend = (given: Partial<Asked<'trend'>> = {}): Question =>
  resolveQuestion('trend', { ...scope, series: [{ label: 'A', event: any, measure: { kind: 'total' } }], ...given });
const funnel = (given: Partial<Asked<'funnel'>> = {}) => resolveQuestion('funnel', { ...scope, steps, ...given });
const retention = (given: Partial<Asked<'retention'>> = {}): Question =>
  resolveQuestion('retention', { ...scope, ...given });
const condition = (field: string, operator: 'eq' | 'gt' | 'regex', value: string): Filter => ({
  kind: 'condition',
  field,
  operator,
  values: [value],
});
const deep = (levels: number): Filter =>
  levels === 0 ? condition('page.path', 'eq', '/') : { kind: 'not', filter: deep(levels - 1) };
const series = (label: string, field = 'duration_ms') => ({
  label,
  event: any,
  measure: { kind: 'sum' as const, field },
});

describe('validateQuestion', () => {
  it('finds nothing wrong with defaults', () => {
    const questions: Question[] = [
      trend(),
      funnel(),
      { kind: 'funnelUsers', funnel: funnel(), step: 1, outcome: 'dropped', limit: 10 },
      retention(),
      resolveQuestion('events', scope),
      resolveQuestion('users', scope),
      resolveQuestion('sessions', scope),
      resolveQuestion('sessionMetrics', scope),
      resolveQuestion('catalogue', scope),
    ];
    expect(questions.flatMap(validateQuestion)).toEqual([]);
  });

  const cases: [string, Question, string[]][] = [
    ['project', trend({ projectId: 'x' }), ['projectId: is no UUID']],
    ['range', trend({ from: 5, to: 5 }), ['to: must be later than from']],
    ['fractions', trend({ from: 0.5 }), ['from: must be a whole number from -62135596800000 to 253402300799999']],
    ['zone', trend({ timeZone: 'Mars' }), ['timeZone: Mars is no IANA time zone']],
    ['buckets', trend({ interval: 'minute', to: 10_001 * 60_000 }), ['interval: cuts the range into more than 10000 buckets of one minute']],
    ['no series', trend({ series: [] }), ['series: needs 1 to 26']],
    ['labels', trend({ series: [series('a'), series('a')] }), ['series[0].label: must be one letter from A to Z', 'series[1].label: must be one letter from A to Z', 'series: two have the same label']],
    ['measure', trend({ series: [series('A', 'page.path')] }), ['series[0].measure.field: page.path is not a number']],
    ['percentile', trend({ cumulative: true, series: [{ label: 'A', event: any, measure: { kind: 'percentile', field: 'duration_ms', percentile: 100 } }] }), ['series[0].measure.percentile: must lie between 0 and 100, both excluded', 'cumulative: percentiles cannot be cumulative']],
    ['formula', trend({ formula: 'A +' }), ['formula: ends too early']],
    ['formula names', trend({ formula: 'A / B' }), ['formula: no series is named B']],
    ['breakdowns', trend({ breakdowns: ['a', 'b', 'c', 'd'].map((name) => ({ field: `properties.${name}` })), breakdownLimit: 0 }), ['breakdowns: at most 3', 'breakdownLimit: must be a whole number from 1 to 1000']],
    ['field', trend({ breakdowns: [{ field: 'page' }] }), ['breakdowns[0].field: page is no field']],
    ['filter', trend({ filter: { kind: 'and', filters: [condition('nope', 'eq', ''), { kind: 'not', filter: condition('api.status', 'gt', 'x') }] } }), ['filter.filters[0].field: nope is no field', 'filter.filters[1].filter.values: needs a number']],
    ['regex', trend({ filter: condition('page.path', 'regex', '(') }), ['filter.values: the expression has a ( without )']],
    ['depth', trend({ filter: deep(20) }), [`filter${'.filter'.repeat(20)}: nests deeper than 20`]],
    ['size', trend({ filter: { kind: 'or', filters: Array.from({ length: 201 }, () => deep(0)) } }), ['filter: has more than 200 conditions']],
    ['selector', funnel({ steps: [{ name: 's', event: { type: 'click', name: 'a\0', filter: null } }, step] }), ['steps[0].event.type: click is no event type', 'steps[0].event.name: holds U+0000']],
    ['steps', funnel({ steps: [step] }), ['steps: needs 2 to 20']],
    ['window', funnel({ windowMs: 0 }), ['windowMs: must be a whole number from 1 to 316224000000']],
    ['exclusions', funnel({ order: 'strict', exclusions: [{ event: any, after: 0, before: 2 }] }), ['exclusions: need the order `ordered`', 'exclusions[0].before: must be a whole number from 1 to 1']],
    ['attribution', funnel({ attribution: { step: 2 }, holdConstant: 'x', breakdown: { field: 'y' } }), ['holdConstant: x is no field', 'breakdown.field: y is no field', 'attribution.step: must be a whole number from 0 to 1']],
    ['users behind', { kind: 'funnelUsers', funnel: funnel({ windowMs: -1 }), step: 0, outcome: 'dropped', limit: 0 }, ['funnel.windowMs: must be a whole number from 1 to 316224000000', 'step: must be a whole number from 1 to 1', 'limit: must be a whole number from 1 to 10000']],
    ['retention', retention({ periods: 91, minimumCount: 0 }), ['periods: must be a whole number from 1 to 90', 'minimumCount: must be a whole number from 1 to 1000']],
    ['page', resolveQuestion('events', { ...scope, page: { first: 1001, after: 'x' } }), ['page.first: must be a whole number from 1 to 1000', 'page.after: is no cursor of this list']],
    ['cursor of another list', resolveQuestion('users', { ...scope, page: { first: 1, after: encodeCursor([1, 2, 'x']) } }), ['page.after: is no cursor of this list']],
    ['search', resolveQuestion('users', { ...scope, search: 'x'.repeat(1001) }), ['search: is longer than 1000 characters']],
    ['session field', resolveQuestion('sessionMetrics', { ...scope, breakdown: { field: 'page.path' } }), ['breakdown.field: page.path is no field of sessions']],
    ['catalogue', resolveQuestion('catalogue', { ...scope, of: 'values', limit: 0 }), ['limit: must be a whole number from 1 to 1000', 'field: is needed for values']],
    ['catalogue field', resolveQuestion('catalogue', { ...scope, field: 'page.path' }), ['field: is for values only']],
    ['everything at once', trend({ projectId: 'x', timeZone: 'y', from: 2, to: 1 }), ['projectId: is no UUID', 'to: must be later than from', 'timeZone: y is no IANA time zone']],
  ]; // prettier-ignore
  it.each(cases)('%s', (_, question, faults) => {
    expect(validateQuestion(question)).toEqual(faults);
  });

  it('throws all faults', () => {
    expect(() => assertQuestion(trend({ projectId: 'x', timeZone: 'y' }))).toThrow(
      new InvalidQuestion(['projectId: is no UUID', 'timeZone: y is no IANA time zone']),
    );
  });
});

describe('fields', () => {
  it('have names of their own', () => {
    expect(new Set(FIELDS.map(({ name }) => name)).size).toBe(FIELDS.length);
  });

  it.each([
    ['page.path', { kind: 'event', property: 'pagePath' }],
    ['event.is_bot', { kind: 'flag', bit: 1 }],
    ['session.entry_path', { kind: 'session', property: 'entryPath' }],
    ['properties.a.b', { kind: 'json', property: 'properties', place: { key: 'a.b', path: ['a', 'b'] } }],
    ['groups.a.b', { kind: 'json', property: 'groups', place: { key: 'a.b', path: ['a.b'] } }],
  ])('%s', (name, source) => {
    expect(fieldOf(name)?.source).toEqual(source);
  });

  it.each([
    '',
    'properties',
    'properties.',
    'toString',
    'session.nope',
    `properties.${'a.'.repeat(20)}b`,
    'properties.a\0',
  ])('%j is none', (name) => {
    expect(fieldOf(name)).toBeNull();
  });
});

describe('cursors', () => {
  it('come back', () => {
    expect(decodeCursor(encodeCursor([1, 'é/"']), ['number', 'string'])).toEqual([1, 'é/"']);
  });
  it.each([
    '',
    '!',
    encodeCursor([1]),
    encodeCursor(['1', 'x']),
    encodeCursor([1.5, 'x']),
    encodeCursor([1, 'x\0']),
    'bnVsbA',
  ])('%j is none', (cursor) => {
    expect(decodeCursor(cursor, ['number', 'string'])).toBeNull();
  });
});

describe('statistics', () => {
  it.each([
    [[], 0.5, null],
    [[7], 0.9, 7],
    [[1, 2, 3, 10], 0.5, 2.5],
    [[1, 2, 3, 10], 0.95, 8.95],
  ])('quantile of %j at %d is %j', (values, fraction, expected) => {
    const value = quantile(values, fraction);
    if (expected === null) expect(value).toBeNull();
    else expect(value).toBeCloseTo(expected, 10);
  });

  it('averages', () => {
    expect([average([]), average([1, 2])]).toEqual([null, 1.5]);
  });

  it('counts bars up to and with their bound', () => {
    expect(histogram([0, 1, 2, 9], [1, 5])).toEqual([
      { upToMs: 1, count: 2 },
      { upToMs: 5, count: 1 },
      { upToMs: null, count: 1 },
    ]);
    expect(conversionBounds(30_000)).toEqual([1_000, 10_000]);
  });
});
