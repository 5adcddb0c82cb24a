import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import {
  bucketStarts,
  resolveQuestion,
  type Asked,
  type Filter,
  type Measure,
  type TrendKey,
  type TrendPlan,
} from '@productgraph/domain-query';
import { describe, expect, it } from 'vitest';
import { catalogueStatement } from './catalogue-sql.ts';
import type { Query } from './compiler.ts';
import { eventsStatement } from './events-sql.ts';
import { funnelStatement } from './funnel-sql.ts';
import { retentionStatement } from './retention-sql.ts';
import { sessionMetricsStatement, sessionRanksStatement, sessionsStatement } from './sessions-sql.ts';
import { ofAllShards, ofOwnShard } from './tables.ts';
import { linesStatement, ranksStatement } from './trend-sql.ts';
import { userIdsStatement, userSessionsStatement, usersStatement } from './users-sql.ts';

/*
 * The statements of typical questions, word by word. `UPDATE_GOLDEN=1` writes the files anew; the change is then read
 * in review like code.
 */
const folder = new URL('__golden__/', import.meta.url);

const org = ofAllShards('01890000-0000-7000-8000-0000000000ff');
const scope = {
  projectId: '01890000-0000-7000-8000-000000000001',
  from: Date.UTC(2024, 2, 30),
  to: Date.UTC(2024, 3, 2),
};
const any = { type: null, name: null, filter: null };
const buy = { type: 'custom', name: 'buy', filter: null };
const step = (name: string, filter: Filter | null = null) => ({ name, event: { type: null, name, filter } });

const every: Filter = {
  kind: 'and',
  filters: [
    { kind: 'condition', field: 'page.path', operator: 'in', values: ['/a', '/b'] },
    { kind: 'condition', field: 'properties.cart.items.0', operator: 'contains', values: ['SHOE'] },
    { kind: 'condition', field: 'properties.price', operator: 'between', values: [1, 2.5] },
    { kind: 'condition', field: 'api.status', operator: 'gte', values: [400] },
    { kind: 'not', filter: { kind: 'condition', field: 'page.path', operator: 'regex', values: ['(?i)^/x\\d\\b'] } },
    {
      kind: 'or',
      filters: [
        { kind: 'condition', field: 'properties.tag', operator: 'notIn', values: ['a', 1] },
        { kind: 'condition', field: 'groups.company', operator: 'notSet', values: [] },
        { kind: 'condition', field: 'event.is_historical', operator: 'eq', values: [true] },
        { kind: 'condition', field: 'event.received_at', operator: 'lt', values: [1_711_756_800_000] },
      ],
    },
  ],
};

function plan(measure: Measure, given: Partial<Asked<'trend'>>): TrendPlan {
  const series = { label: 'A', event: any, measure };
  const question = resolveQuestion('trend', { ...scope, series: [series], ...given });
  return { question, series, buckets: bucketStarts(question), keys: null, rows: 101 };
}
const trend = (measure: Measure, given: Partial<Asked<'trend'>> = {}, keys: readonly TrendKey[] = []): Query =>
  linesStatement(plan(measure, given), org, keys).statement;
const ranks = (measure: Measure, given: Partial<Asked<'trend'>>): Query => ranksStatement(plan(measure, given), org);

const byPlan = { breakdowns: [{ field: 'properties.plan' }, { field: 'page.path' }], breakdownLimit: 10 };
const funnel = (given: Partial<Asked<'funnel'>> = {}): Query =>
  funnelStatement(resolveQuestion('funnel', { ...scope, steps: [step('A'), step('B')], ...given }), org);
const retention = (given: Partial<Asked<'retention'>>): Query => {
  const question = resolveQuestion('retention', { ...scope, start: buy, ...given });
  return retentionStatement(question, org, bucketStarts(question));
};
const sessionMetrics = resolveQuestion('sessionMetrics', { ...scope, breakdown: { field: 'session.entry_path' } });
const users = resolveQuestion('users', { ...scope, search: 'Ann', page: { first: 10, after: 'WzEsInU6YSJd' } });
const bySession: Filter = { kind: 'condition', field: 'session.entry_path', operator: 'eq', values: ['/'] };
const byEvent: Filter = { kind: 'condition', field: 'event.name', operator: 'eq', values: ['buy'] };

const metricsBuckets = bucketStarts(sessionMetrics);
const plans: readonly TrendKey[] = [['pro', '/'], [null, 'ü']]; // prettier-ignore
const STATEMENTS: Readonly<Record<string, Query>> = {
  'trend-total': trend({ kind: 'total' }),
  'trend-filtered': trend({ kind: 'total' }, { filter: every, includeBots: true }),
  'trend-average-by-plan': trend({ kind: 'avg', field: 'properties.price' }, byPlan, plans),
  'trend-users-ranks': ranks({ kind: 'uniqueUsers' }, byPlan),
  'trend-sum-ranks': ranks({ kind: 'sum', field: 'properties.price' }, byPlan),
  'trend-users-by-plan': trend({ kind: 'uniqueUsers' }, byPlan, plans),
  'trend-users-cumulative': trend({ kind: 'uniqueUsers' }, { cumulative: true }),
  'trend-per-user-cumulative': trend({ kind: 'perUser' }, { cumulative: true }),
  'trend-percentile': trend({ kind: 'percentile', field: 'duration_ms', percentile: 95 }),
  'trend-sessions': trend({ kind: 'sessions' }, { filter: bySession }),
  'funnel-ordered': funnel(),
  'funnel-strict-held': funnel({ order: 'strict', holdConstant: 'properties.cart', breakdown: { field: 'page.path' } }),
  'funnel-per-session-excluded': funnel({ per: 'session', exclusions: [{ event: buy, after: 0, before: 1 }] }),
  'retention-first-time': retention({}),
  'retention-recurring': retention({ cohort: 'recurring', mode: 'onOrAfter', interval: 'week' }),
  events: eventsStatement(
    resolveQuestion('events', { ...scope, event: buy, userKey: 'u:ann', page: { first: 10, after: 'WzEsMiwiaWQiXQ' } }), org,
  ),
  users: usersStatement(users, org),
  'user-ids': userIdsStatement(users, org, ['u:ann', 'u:bob']),
  'user-sessions': userSessionsStatement(users, org, ['u:ann', 'u:bob']),
  sessions: sessionsStatement(resolveQuestion('sessions', { ...scope, page: { first: 10, after: 'WzEsInMiLCIiXQ' } }), org),
  'sessions-of-user-by-event': sessionsStatement(resolveQuestion('sessions', { ...scope, userKey: 'u:ann', filter: byEvent }), org),
  'session-metrics': sessionMetricsStatement(sessionMetrics, { reading: org, buckets: metricsBuckets, keys: ['/', null] }),
  'session-metrics-own-shard': sessionMetricsStatement(sessionMetrics, { reading: ofOwnShard(org.orgId), buckets: metricsBuckets, keys: [] }),
  'session-metrics-ranks': sessionRanksStatement(sessionMetrics, org, 'session.entry_path'),
  'catalogue-names': catalogueStatement(resolveQuestion('catalogue', { ...scope, search: 'Bu' }), org),
  'catalogue-properties': catalogueStatement(resolveQuestion('catalogue', { ...scope, of: 'properties' }), org),
  'catalogue-values': catalogueStatement(resolveQuestion('catalogue', { ...scope, of: 'values', field: 'context.a.b' }), org),
}; // prettier-ignore

/** Expressions that say where JSON values end are the same everywhere: told by their length alone. */
function printedValue(value: unknown): string {
  return typeof value === 'string' && value.length > 400 ? `an expression of ${value.length}` : JSON.stringify(value);
}

function printed({ sql, params }: Query): string {
  const values = Object.entries(params).map(([name, value]) => `-- ${name} = ${printedValue(value)}\n`);
  return `${sql}\n${values.join('')}`;
}

describe('statements', () => {
  const update = process.env.UPDATE_GOLDEN === '1';
  it.each(Object.entries(STATEMENTS))('%s', (name, statement) => {
    const file = new URL(`${name}.sql`, folder);
    if (update) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, printed(statement));
    }
    expect(printed(statement)).toBe(readFileSync(file, 'utf8'));
  });

  it('are all that lie there', () => {
    expect(readdirSync(folder).sort()).toEqual(Object.keys(STATEMENTS).map((name) => `${name}.sql`).sort()); // prettier-ignore
  });

  it('hold no value of the asker, and no parameter unused', () => {
    for (const [name, { sql, params }] of Object.entries(STATEMENTS)) {
      expect(sql, name).not.toMatch(/SHOE|shoe|'\/|ann|Bu\b|'pro'|u:bob/);
      for (const parameter of Object.keys(params)) expect(sql, `${name} ${parameter}`).toContain(`{${parameter}:`);
    }
  });

  it('cut every table that they read to the tenant', () => {
    for (const [name, { sql, params }] of Object.entries(STATEMENTS)) {
      const named = (id: string): string => Object.keys(params).find((parameter) => params[parameter] === id) ?? 'none';
      const [own, project] = [named(org.orgId), named(scope.projectId)];
      const tables = [...sql.matchAll(/FROM (?:events|sessions)(?:_local)? AS ([a-z])\b/g)].map(
        ([, alias]) => alias ?? '',
      );
      expect(tables.length, name).toBeGreaterThan(0);
      for (const alias of new Set(tables)) {
        const cut = `${alias}.org_id = {${own}:UUID} AND ${alias}.project_id = {${project}:UUID}`;
        expect(sql.split(cut).length - 1, `${name} ${alias}`).toBe(tables.filter((one) => one === alias).length);
      }
    }
  });
});
