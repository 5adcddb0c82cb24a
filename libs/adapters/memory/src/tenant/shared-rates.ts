import { takeFromRate, type RateBucket, type SharedRates } from '@productgraph/domain-tenant';
import type { Clock } from '@productgraph/kernel';

/** Rates of projects in this process alone. */
export function createMemorySharedRates({ clock }: { readonly clock: Clock }): SharedRates {
  const buckets = new Map<string, RateBucket>();
  return {
    take: async ({ projectId, rate, n }) => {
      const verdict = takeFromRate(rate, buckets.get(projectId) ?? null, { n, now: clock.now() });
      buckets.set(projectId, verdict.bucket);
      return verdict.allowed ? { allowed: true } : { allowed: false, retryAfterMs: verdict.retryAfterMs };
    },
  };
}
