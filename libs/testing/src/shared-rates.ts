import type { RateAnswer, SharedRates } from '@productgraph/domain-tenant';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** Shared rates under test. */
export interface SharedRatesFixture {
  readonly rates: SharedRates;
  /** Lets so much time go by on the clock of the rates. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

const [PROJECT, OTHER] = ['01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000002'];

/** The contract of {@link SharedRates}. */
export function sharedRatesSuite(name: string, open: () => Promise<SharedRatesFixture>): void {
  describe(`shared rates: ${name}`, () => {
    let fixture: SharedRatesFixture;
    beforeEach(async () => void (fixture = await open()));
    afterEach(() => fixture.close());

    const take = (n: number, rate = 10, projectId = PROJECT): Promise<RateAnswer> =>
      fixture.rates.take({ projectId, rate, n });
    const refused = async (n: number, rate?: number): Promise<number> => {
      const answer = await take(n, rate);
      return answer.allowed ? 0 : answer.retryAfterMs;
    };

    it('give a second at once, refuse what is beyond, and let it pass after the delay told', async () => {
      expect(await take(10)).toEqual({ allowed: true });
      const delay = await refused(8);
      expect(delay).toBeGreaterThan(400);
      expect(delay).toBeLessThanOrEqual(800);
      await fixture.pass(delay);
      expect(await take(8)).toEqual({ allowed: true });
      expect(await refused(8)).toBeGreaterThan(0);
    });

    it('let a batch beyond a second pass from a full bucket, and make the next one wait for it', async () => {
      expect(await take(35)).toEqual({ allowed: true });
      const delay = await refused(10);
      expect(delay).toBeGreaterThan(3_000);
      expect(delay).toBeLessThanOrEqual(3_500);
    });

    it('are refused without losing what is there', async () => {
      await take(8);
      expect(await refused(9)).toBeGreaterThan(0);
      expect(await take(2)).toEqual({ allowed: true });
    });

    it('are full again after a while, and no fuller', async () => {
      await take(1_000, 1_000);
      await fixture.pass(1_200);
      expect(await take(1_000, 1_000)).toEqual({ allowed: true });
      expect(await refused(900, 1_000)).toBeGreaterThan(0);
    });

    it('follow a rate that changes', async () => {
      await take(10);
      expect(await refused(10, 1_000_000)).toBeLessThan(5);
      await fixture.pass(20);
      expect(await take(10, 1_000_000)).toEqual({ allowed: true });
    });

    it('are apart for each project, also from one whose fraction is small', async () => {
      await take(10);
      expect(await take(10, 10, OTHER)).toEqual({ allowed: true });
      expect(await take(1, 0.5, 'third')).toEqual({ allowed: true });
      expect(await take(1, 0.5, 'third')).toMatchObject({ allowed: false });
    });

    it('let no more pass when many ask at the same time', async () => {
      const answers = await Promise.all(Array.from({ length: 50 }, () => take(1)));
      const passed = answers.filter(({ allowed }) => allowed).length;
      expect(passed).toBeGreaterThanOrEqual(10);
      expect(passed).toBeLessThan(20);
    });
  });
}
