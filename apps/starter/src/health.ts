import type { HealthReport } from '@productgraph/delivery-graphql-api';
import type { PartState, Readiness } from '@productgraph/platform-runtime';
import type { Group, Ports } from './ports.ts';

/** A group that is later than this works, but something is wrong or it catches up. */
const LATE_MS = 60_000;

interface Watched {
  readonly ports: Ports;
  readonly log: { memory(): { readonly pendingBytes: number } };
  readonly groups: readonly Group[];
}

/** What `/ready` looks at. Without database nothing can be served; a late processor only makes answers late. */
export function watchParts(readiness: Readiness, { ports, log, groups }: Watched): void {
  readiness.watch('database', async () => {
    await ports.ping();
    return { state: 'ok' };
  });
  // The process does not come this far without them.
  readiness.watch('migrations', () => Promise.resolve({ state: 'ok' }));
  readiness.watch('log', () => Promise.resolve({ state: 'ok', pendingBytes: log.memory().pendingBytes }));
  for (const group of groups) readiness.watch(group.name, () => stateOfGroup(group));
}

async function stateOfGroup(group: Group): Promise<PartState> {
  const lags = await group.lag().catch(() => null);
  const [fault] = group.faults();
  const figures = {
    records: lags?.reduce((sum, { records }) => sum + records, 0) ?? null,
    milliseconds: lags?.reduce((most, { milliseconds }) => Math.max(most, milliseconds), 0) ?? null,
  };
  if (fault !== undefined) {
    const { topic, partition } = fault.partition;
    return { state: 'behind', detail: `${topic}[${partition}] is being retried: ${fault.error}`, ...figures };
  }
  const late = figures.milliseconds === null || figures.milliseconds > LATE_MS;
  if (!late) return { state: 'ok', ...figures };
  return { state: 'behind', detail: `${figures.records ?? 'unknown'} records to do`, ...figures };
}

/** The same for GraphQL, with the lag of every partition. */
export async function healthReport(readiness: Readiness, groups: readonly Group[]): Promise<HealthReport> {
  const [{ parts }, lags] = await Promise.all([
    readiness.report(),
    Promise.all(groups.map((group) => group.lag().catch(() => []))),
  ]);
  return {
    components: Object.entries(parts).map(([name, { state, detail }]) => ({ name, state, detail: detail ?? null })),
    lag: lags.flat().map(({ group, topic, partition, records }) => ({ group, topic, partition, records })),
  };
}
