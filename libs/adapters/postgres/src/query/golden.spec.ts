import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import {
  bucketStarts,
  resolveQuestion,
  type Asked,
  type Filter,
  type Measure,
  type TrendPlan,
} from '@productgraph/domain-query';
import { describe, expect, it } from 'vitest';
import type { Statement } from '../statement.ts';
import { catalogueStatement } from './catalogue-sql.ts';
import { eventsStatement } from './events-sql.ts';
import { funnelStatement } from './funnel-sql.ts';
import { retentionStatement } from './retention-sql.ts';
import { sessionMetricsStatement, sessionsStatement } from './sessions-sql.ts';
import { trendStatement } from './trend-sql.ts';
import { userDetailsStatement, usersStatement } from './users-sql.ts';

/*
 * The statements of typical questions, word by word. `UPDATE_GOLDEN=1` writes the files anew; the change is then read
 * in review like code.
 */
const folder = new URL('__golden__/', import.meta.url);

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

function trend(measure: Measure, given: Partial<Asked<'trend'>> = {}, keys: TrendPlan['keys'] = null): Statement {
  const series = { label: 'A', event: any, measure };
  const question = resolveQuestion('trend', { ...scope, series: [series], ...given });
  return trendStatement({ question, series, buckets: bucketStarts(question), keys, rows: 101 });
}

const byPlan = { breakdowns: [{ field: 'properties.plan' }, { field: 'page.path' }], breakdownLimit: 10 };
const funnel = (given: Partial<Asked<'funnel'>> = {}): Statement =>
  funnelStatement(resolveQuestion('funnel', { ...scope, steps: [step('A'), step('B')], ...given }));
const retention = (given: Partial<Asked<'retention'>>): Statement => {
  const question = resolveQuestion('retention', { ...scope, start: buy, ...given });
  return retentionStatement(question, bucketStarts(question));
};
const sessionMetrics = resolveQuestion('sessionMetrics', { ...scope, breakdown: { field: 'session.entry_path' } });
const users = resolveQuestion('users', { ...scope, search: 'Ann', page: { first: 10, after: 'WzEsInU6YSJd' } });
const bySession: Filter = { kind: 'condition', field: 'session.entry_path', operator: 'eq', values: ['/'] };
const byEvent: Filter = { kind: 'condition', field: 'event.name', operator: 'eq', values: ['buy'] };

const STATEMENTS: Readonly<Record<string, Statement>> = {
  'trend-total': trend({ kind: 'total' }),
  'trend-filtered': trend({ kind: 'total' }, { filter: every, includeBots: true }),
  'trend-average-by-plan': trend({ kind: 'avg', field: 'properties.price' }, byPlan),
  'trend-users-by-plan': trend({ kind: 'uniqueUsers' }, byPlan),
  'trend-users-of-given-plans': trend({ kind: 'uniqueUsers' }, byPlan, [['pro', '/'], [null, '/']]),
  'trend-users-cumulative': trend({ kind: 'perUser' }, { cumulative: true }),
  'trend-percentile-by-plan': trend({ kind: 'percentile', field: 'duration_ms', percentile: 95 }, byPlan),
  'trend-sessions': trend({ kind: 'sessions' }, { filter: bySession }),
  'funnel-ordered': funnel(),
  'funnel-strict-held': funnel({ order: 'strict', holdConstant: 'properties.cart', breakdown: { field: 'page.path' } }),
  'funnel-per-session-excluded': funnel({ per: 'session', exclusions: [{ event: buy, after: 0, before: 1 }] }),
  'retention-first-time': retention({}),
  'retention-recurring': retention({ cohort: 'recurring', mode: 'onOrAfter', interval: 'week' }),
  events: eventsStatement(
    resolveQuestion('events', { ...scope, event: buy, userKey: 'u:ann', page: { first: 10, after: 'WzEsMiwiaWQiXQ' } }),
    { from: scope.from, to: scope.to },
  ),
  users: usersStatement(users),
  'user-details': userDetailsStatement(users, ['u:ann', 'u:bob']),
  sessions: sessionsStatement(resolveQuestion('sessions', { ...scope, page: { first: 10, after: 'WzEsInMiLCIiXQ' } })),
  'sessions-of-user-by-event': sessionsStatement(resolveQuestion('sessions', { ...scope, userKey: 'u:ann', filter: byEvent })),
  'session-metrics': sessionMetricsStatement(sessionMetrics, bucketStarts(sessionMetrics)),
  'catalogue-names': catalogueStatement(resolveQuestion('catalogue', { ...scope, search: 'Bu' })),
  'catalogue-properties': catalogueStatement(resolveQuestion('catalogue', { ...scope, of: 'properties' })),
  'catalogue-values': catalogueStatement(resolveQuestion('catalogue', { ...scope, of: 'values', field: 'context.a.b' })),
}; // prettier-ignore

function printed({ text, values }: Statement): string {
  return `${text}\n${values.map((value, i) => `-- $${i + 1} = ${JSON.stringify(value)}\n`).join('')}`;
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
    for (const [name, { text, values }] of Object.entries(STATEMENTS)) {
      expect(text, name).not.toMatch(/SHOE|shoe|'\/|ann|Bu\b|'pro'|u:bob/);
      values.forEach((_, i) => expect(text, `${name} $${i + 1}`).toContain(`$${i + 1}::`));
    }
  });
});
