import type { HealthReport } from '@productgraph/delivery-graphql-api';
import type { Readiness } from '@productgraph/platform-runtime';

/** Readiness for GraphQL, with the lag of every partition of these groups. */
export async function healthReport(
  readiness: Readiness,
  groups: readonly { lag(): Promise<HealthReport['lag']> }[],
): Promise<HealthReport> {
  const [{ parts }, lags] = await Promise.all([
    readiness.report(),
    Promise.all(groups.map((group) => group.lag().catch(() => []))),
  ]);
  return {
    components: Object.entries(parts).map(([name, { state, detail }]) => ({ name, state, detail: detail ?? null })),
    lag: lags.flat().map(({ group, topic, partition, records }) => ({ group, topic, partition, records })),
  };
}
