import { uuidv7 } from '@productgraph/contracts';
import {
  resolveQuestion,
  type InvalidQuestion,
  type Question,
  type QueryEngine,
  type QueryOptions,
} from '@productgraph/domain-query';
import { BUILT_AT, sessionRow, storedEvent, until } from '@productgraph/testing';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { primaryReads } from '../read-pool.ts';
import { openQueryDatabase, type QueryDatabase } from '../testing/query-database.ts';
import { createPostgresQueryEngine } from './engine.ts';

const EVENTS = 20_000;
const USERS = 2_000;
const FROM = Date.UTC(2024, 0, 1);
const any = { type: null, name: null, filter: null };

describe('limits of the PostgreSQL query engine', () => {
  let database: QueryDatabase;
  let engine: QueryEngine;
  const tenant = { orgId: uuidv7(BUILT_AT), projectId: uuidv7(BUILT_AT) };
  const scope = { projectId: tenant.projectId, from: FROM, to: FROM + 40 * 86_400_000 };
  const options: QueryOptions = { orgId: tenant.orgId, budget: { timeMs: 60_000, rows: 100_000 } };
  const step = { name: 's', event: any };
  const slow: Question = resolveQuestion('funnel', {
    ...scope,
    steps: Array.from({ length: 20 }, () => step),
    order: 'any',
    breakdown: { field: 'properties.n' },
    windowMs: 40 * 86_400_000,
  });

  beforeAll(async () => {
    database = await openQueryDatabase();
    engine = createPostgresQueryEngine({ reads: primaryReads(database.pools.app), settledUpTo: async () => null });
    const { projectId } = tenant;
    await database.add({
      ...tenant,
      events: Array.from({ length: EVENTS }, (_, i) =>
        storedEvent({
          projectId,
          eventId: `e${i}`,
          timestamp: FROM + i * 100_000,
          userId: `u${i % USERS}`,
          pagePath: `/${'a'.repeat(200)}`,
          properties: `{"n":${i}}`,
        }),
      ),
      sessions: Array.from({ length: USERS }, (_, i) =>
        sessionRow({ projectId, sessionId: `s${i}`, userKey: `u:u${i}`, start: FROM, end: FROM + EVENTS * 100_000 }),
      ),
    });
  });
  afterAll(() => database.drop());

  const idle = async (): Promise<void> => {
    const admin = new Client(database.url);
    await admin.connect();
    const { rows } = await admin.query(
      `SELECT query FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle' AND backend_type = 'client backend'`,
    );
    await admin.end();
    expect(rows).toEqual([]);
  };

  it('streams actors', async () => {
    const question = resolveQuestion('funnel', { ...scope, steps: [step, step, step], windowMs: 40 * 86_400_000 });
    const { groups } = await engine.run(question, options);
    expect(groups[0]?.steps.map(({ count }) => count)).toEqual([USERS, USERS, USERS]);
  });

  it('finds the session of every event', async () => {
    const series = [{ label: 'A', event: any, measure: { kind: 'sessions' as const } }];
    const { lines } = await engine.run(resolveQuestion('trend', { ...scope, series }), options);
    expect(lines[0]?.total).toBe(USERS);
  });

  it('stops when the time is up, and names the budget', async () => {
    const running = engine.run(slow, { ...options, budget: { timeMs: 20, rows: 100_000 } });
    await expect(running).rejects.toMatchObject({ name: 'QueryTooExpensive', budget: 'time' });
    await idle();
  });

  it('stops when the asker goes away, with the reason given', async () => {
    const gone = new AbortController();
    const reason = new Error('client went away');
    const admin = new Client(database.url);
    await admin.connect();
    // However fast the machine: the question waits for this lock.
    await admin.query('BEGIN; LOCK TABLE events IN ACCESS EXCLUSIVE MODE');
    const running = engine.run(slow, { ...options, signal: gone.signal });
    await until('the question waits', async () => {
      const { rowCount } = await admin.query(
        `SELECT FROM pg_locks WHERE NOT granted AND relation = 'events'::regclass`,
      );
      return (rowCount ?? 0) > 0;
    });
    gone.abort(reason);
    await expect(running).rejects.toBe(reason);
    await admin.query('ROLLBACK');
    await admin.end();
    await idle();
    const { lines } = await engine.run(
      resolveQuestion('trend', { ...scope, series: [{ label: 'A', event: any, measure: { kind: 'total' } }] }),
      options,
    );
    expect(lines[0]?.total).toBe(EVENTS);
  });

  it('takes a regular expression beyond PostgreSQL’s means for a fault of the question', async () => {
    const filter = {
      kind: 'condition',
      field: 'page.path',
      operator: 'regex',
      values: ['((?:a{200}){200}){200}'],
    } as const;
    const error = await engine.run(resolveQuestion('events', { ...scope, filter }), options).catch((e: unknown) => e);
    expect(error).toMatchObject({ name: 'InvalidQuestion' });
    expect((error as InvalidQuestion).faults).toEqual(['filter: a regular expression is too complex']);
  });

  it('looks a user’s events up by index', async () => {
    const question = resolveQuestion('events', { ...scope, userKey: 'u:u7', page: { first: 3, after: null } });
    const { items, pageInfo } = await engine.run(question, options);
    expect(items).toHaveLength(3);
    expect(pageInfo.hasNextPage).toBe(true);
    expect(items[0]?.event.eventId).toBe(`e${EVENTS - USERS + 7}`);
  });
});
