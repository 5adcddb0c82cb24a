import { uuidv7 } from '@productgraph/contracts';
import {
  resolveQuestion,
  type Filter,
  type Question,
  type QueryEngine,
  type QueryOptions,
} from '@productgraph/domain-query';
import { BUILT_AT, sessionRow, storedEvent, until } from '@productgraph/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openQueryDatabase, type QueryDatabase } from '../testing/query-database.ts';
import { createClickHouseQueryEngine } from './engine.ts';

const EVENTS = 20_000;
const USERS = 2_000;
const FROM = Date.UTC(2024, 0, 1);
const any = { type: null, name: null, filter: null };
const count = [{ label: 'A', event: any, measure: { kind: 'total' as const } }];

describe('limits of the ClickHouse query engine', () => {
  let database: QueryDatabase;
  let engine: QueryEngine;
  const tenant = { orgId: uuidv7(BUILT_AT), projectId: uuidv7(BUILT_AT) };
  const scope = { projectId: tenant.projectId, from: FROM, to: FROM + 40 * 86_400_000 };
  const options: QueryOptions = { orgId: tenant.orgId, budget: { timeMs: 60_000, rows: 100_000 } };
  const step = { name: 's', event: any };

  /** Looks for so many places in every event, none of which is there. */
  const nowhere = (places: number): Filter => ({
    kind: 'or',
    filters: Array.from({ length: places }, (_, i) => ({
      kind: 'condition',
      field: `properties.nothing ${i}`,
      operator: 'set',
      values: [],
    })),
  });
  const slow: Question = resolveQuestion('trend', { ...scope, series: count, filter: nowhere(60) });

  beforeAll(async () => {
    database = await openQueryDatabase({ spread: true, copies: 1 });
    engine = createClickHouseQueryEngine({ clickhouse: database.all, settledUpTo: async () => null });
    const { projectId } = tenant;
    const text = `{"a":"${'b'.repeat(500)}"}`;
    await database.add({
      ...tenant,
      events: Array.from({ length: EVENTS }, (_, i) =>
        storedEvent({
          projectId,
          eventId: `e${i}`,
          timestamp: FROM + i * 100_000,
          userId: `u${i % USERS}`,
          pagePath: `/${'a'.repeat(200)}`,
          properties: `{"n":${i},"text":${text},"nothing":${text}}`,
        }),
      ),
      sessions: Array.from({ length: USERS }, (_, i) =>
        sessionRow({ projectId, sessionId: `s${i}`, userKey: `u:u${i}`, start: FROM, end: FROM + EVENTS * 100_000 }),
      ),
    });
  });
  afterAll(() => database.close());

  /** Statements about events that run on either server. */
  const running = async (): Promise<string[]> => {
    const found = await Promise.all(
      database.all.shards.flat().map((node) =>
        node.rows<{ query: string }>({
          sql: `SELECT query FROM system.processes WHERE query LIKE '%org_id%' AND query NOT LIKE '%system.processes%'`,
        }),
      ),
    );
    return found.flat().map(({ query }) => query);
  };
  const idle = (): Promise<void> => until('nothing runs', async () => (await running()).length === 0);

  it('streams actors', async () => {
    const question = resolveQuestion('funnel', { ...scope, steps: [step, step, step], windowMs: 40 * 86_400_000 });
    const { groups } = await engine.run(question, options);
    expect(groups[0]?.steps.map((one) => one.count)).toEqual([USERS, USERS, USERS]);
  });

  it('finds the session of every event', async () => {
    const series = [{ label: 'A', event: any, measure: { kind: 'sessions' as const } }];
    const { lines } = await engine.run(resolveQuestion('trend', { ...scope, series }), options);
    expect(lines[0]?.total).toBe(USERS);
  });

  it('stops when the time is up, names the budget, and leaves nothing running', async () => {
    const error = await engine.run(slow, { ...options, budget: { timeMs: 300, rows: 10 } }).catch((e: unknown) => e);
    expect(error).toMatchObject({ name: 'QueryTooExpensive', budget: 'time' });
    await idle();
  });

  it('stops on both servers when the asker goes away, with the reason given', async () => {
    const gone = new AbortController();
    const reason = new Error('client went away');
    const asked = engine.run(slow, { ...options, signal: gone.signal });
    await until('both servers work', async () => (await running()).length >= 2);
    gone.abort(reason);
    await expect(asked).rejects.toBe(reason);
    const before = performance.now();
    await idle();
    expect(performance.now() - before).toBeLessThan(10_000);
    const { lines } = await engine.run(resolveQuestion('trend', { ...scope, series: count }), options);
    expect(lines[0]?.total).toBe(EVENTS);
  });

  it('stops a funnel in the middle of its rows', async () => {
    const gone = new AbortController();
    const reason = new Error('client went away');
    const steps = [step, step].map((one) => ({ ...one, event: { ...any, filter: nowhere(10) } }));
    const asked = engine.run(resolveQuestion('funnel', { ...scope, steps }), { ...options, signal: gone.signal });
    await until('both servers work', async () => (await running()).length >= 2);
    gone.abort(reason);
    await expect(asked).rejects.toBe(reason);
    await idle();
  });

  it('names the budget of memory', async () => {
    const small = createClickHouseQueryEngine({
      clickhouse: database.all,
      settledUpTo: async () => null,
      memoryBytes: 2_000_000,
    });
    const question = resolveQuestion('trend', { ...scope, series: count, breakdowns: [{ field: 'properties.text' }] });
    await expect(small.run(question, options)).rejects.toMatchObject({ name: 'QueryTooExpensive', budget: 'memory' });
    await idle();
  });

  it('takes a regular expression beyond RE2’s means for a fault of the question', async () => {
    const filter = {
      kind: 'condition',
      field: 'page.path',
      operator: 'regex',
      values: ['((?:a{200}){200}){200}'],
    } as const;
    await expect(engine.run(resolveQuestion('events', { ...scope, filter }), options)).rejects.toMatchObject({
      name: 'InvalidQuestion',
      faults: ['filter: a regular expression is too complex'],
    });
  });

  it('takes as many values as a question may hold, on all shards', async () => {
    const lists = Array.from({ length: 20 }, (_, list) =>
      Array.from({ length: 1_000 }, (_unused, i) => `${'v'.repeat(300)}'\\ ${list} ${i}`),
    );
    const filter = {
      kind: 'not',
      filter: {
        kind: 'or',
        filters: lists.map((values) => ({ kind: 'condition', field: 'page.path', operator: 'in', values }) as const),
      },
    } as const;
    const { lines } = await engine.run(resolveQuestion('trend', { ...scope, series: count, filter }), options);
    expect(lines[0]?.total).toBe(EVENTS);
  });

  it('refuses what the server takes for too long', async () => {
    const filter = { kind: 'condition', field: 'page.path', operator: 'eq', values: ['v'.repeat(200_000)] } as const;
    await expect(engine.run(resolveQuestion('events', { ...scope, filter }), options)).rejects.toMatchObject({
      name: 'InvalidQuestion',
      faults: ['filter: is too long'],
    });
  });

  it('cuts a range into as many buckets as a question may have', async () => {
    const question = resolveQuestion('trend', {
      ...scope,
      to: FROM + 9_990 * 60_000,
      series: count,
      interval: 'minute',
      timeZone: 'Asia/Kathmandu',
    });
    const { buckets, lines } = await engine.run(question, options);
    expect(buckets).toHaveLength(9_990);
    expect(lines[0]?.total).toBe(9_990 * 0.6);
  });

  it('looks for a path of the greatest depth', async () => {
    const filter = {
      kind: 'condition',
      field: `properties.${Array.from({ length: 16 }, (_, i) => String(i)).join('.')}`,
      operator: 'notSet',
      values: [],
    } as const;
    const { lines } = await engine.run(resolveQuestion('trend', { ...scope, series: count, filter }), options);
    expect(lines[0]?.total).toBe(EVENTS);
  });
});
