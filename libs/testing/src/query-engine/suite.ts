import { afterAll, beforeAll, describe } from 'vitest';
import { filterCases } from './filter-cases.ts';
import { funnelCases } from './funnel-cases.ts';
import { guardCases } from './guard-cases.ts';
import { listCases } from './list-cases.ts';
import { partVersionCases } from './part-version-cases.ts';
import { retentionCases } from './retention-cases.ts';
import { sessionCases } from './session-cases.ts';
import { trendCases } from './trend-cases.ts';
import type { QueryEngineFixture } from './world.ts';

/** The contract of QueryEngine: answers worked out by hand, alike on every store. Each group of cases has projects of its own. */
export function queryEngineSuite(name: string, open: () => Promise<QueryEngineFixture>): void {
  describe(`query engine: ${name}`, () => {
    let fixture: QueryEngineFixture;
    beforeAll(async () => void (fixture = await open()));
    afterAll(() => fixture.close());

    describe('trend', () => trendCases(() => fixture));
    describe('funnel', () => funnelCases(() => fixture));
    describe('retention', () => retentionCases(() => fixture));
    describe('filters', () => filterCases(() => fixture));
    describe('sessions', () => sessionCases(() => fixture));
    describe('versions of parts', () => partVersionCases(() => fixture));
    describe('lists', () => listCases(() => fixture));
    describe('guards', () => guardCases(() => fixture));
  });
}
