import { InvalidQuestion, QueryTooExpensive } from '@productgraph/domain-query';
import { beforeAll, expect, it } from 'vitest';
import { AMPLE, anyEvent, at, type QueryEngineFixture, tenantOf, where, type World, worldOf } from './world.ts';

const SERIES = [{ label: 'A', event: anyEvent, measure: { kind: 'total' as const } }];

/** Tenants, budgets, faults, cancelling. */
export function guardCases(fixture: () => QueryEngineFixture): void {
  let world: World;
  beforeAll(async () => {
    world = await worldOf(fixture(), {
      events: [{ timestamp: at('30T10:00') }, { timestamp: at('30T11:00') }],
      sessions: [{ start: at('30T10:00'), end: at('30T11:00') }],
    });
  });

  const total = async (orgId: string, projectId: string): Promise<number | null | undefined> => {
    const question = { ...world.question('trend', { series: SERIES }), projectId };
    return (await world.run(question, { orgId })).lines[0]?.total;
  };

  it('shows a project to its organisation only', async () => {
    const other = tenantOf({ events: [{ timestamp: at('30T10:00') }] });
    await fixture().add(other);
    const own = world.tenant;
    expect(await total(own.orgId, own.projectId)).toBe(2);
    expect(await total(other.orgId, other.projectId)).toBe(1);
    expect(await total(other.orgId, own.projectId)).toBe(0);
    expect(await total(own.orgId, other.projectId)).toBe(0);
    const foreign = { orgId: other.orgId };
    expect((await world.run(world.question('sessions', {}), foreign)).items).toEqual([]);
    expect((await world.run(world.question('events', {}), foreign)).items).toEqual([]);
    expect((await world.run(world.question('users', {}), foreign)).items).toEqual([]);
    expect((await world.run(world.question('catalogue', {}), foreign)).items).toEqual([]);
  });

  it('says what every answer says', async () => {
    const answer = await world.run(world.question('events', {}));
    expect(answer).toMatchObject({ settledUpTo: fixture().settledUpTo, sampled: false, cached: false });
    expect(answer.tookMs).toBeGreaterThanOrEqual(0);
  });

  it('names every fault of a question', async () => {
    const question = world.question('trend', {
      series: [],
      timeZone: 'Mars',
      filter: where('page.path', 'regex', '('),
    });
    const error = await world.run(question).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(InvalidQuestion);
    expect((error as InvalidQuestion).faults).toEqual([
      'timeZone: Mars is no IANA time zone',
      'filter.values: the expression has a ( without )',
      'series: needs 1 to 26',
    ]);
  });

  it('keeps the budget of rows', async () => {
    const budget = { ...AMPLE, rows: 2 };
    const error = await world
      .run(world.question('trend', { series: SERIES }), { budget })
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(QueryTooExpensive);
    expect((error as QueryTooExpensive).budget).toBe('rows');
    const retention = world.run(world.question('retention', {}), { budget });
    await expect(retention).rejects.toMatchObject({ name: 'QueryTooExpensive', budget: 'rows' });
  });

  it('does not start when cancelled before', async () => {
    const reason = new Error('gone');
    const running = world.run(world.question('events', {}), { signal: AbortSignal.abort(reason) });
    await expect(running).rejects.toBe(reason);
  });
}
