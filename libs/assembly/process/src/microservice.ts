import type { EventLog } from '@productgraph/kernel';
import { PartitionTransport, startMicroservice, type HostedGroup } from '@productgraph/platform-runtime';
import type { Base } from './base.ts';
import type { Consumer } from './groups.ts';

/** Consumers at work as a Nest microservice. */
export interface Hosting {
  readonly groups: readonly HostedGroup[];
  stop(): Promise<void>;
}

/** Joins the groups of these consumers. */
export async function hostConsumers(
  { telemetry }: Base,
  log: EventLog,
  consumers: readonly Consumer[],
): Promise<Hosting> {
  const transport = new PartitionTransport(log, consumers);
  const app = await startMicroservice(transport, telemetry.logger);
  return { groups: transport.groups, stop: () => app.close() };
}
