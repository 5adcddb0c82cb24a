import type { GraphqlClient } from './graphql.ts';
import {
  ledgerFaults,
  sessionsAsStored,
  sessionsByDefinition,
  storedEvents,
  storedSessions,
  type Fates,
  type StoredNode,
} from './ledger.ts';
import { waitFor } from './starter.ts';

const HEALTH = `{ health { lag { group topic partition records } }
  ledger(range: "-24h") { total { received accepted rejected stored duplicate quarantinedLater unaccounted } } }`;

interface Health {
  health: { lag: { group: string; records: number }[] };
  ledger: {
    total: {
      received: number;
      accepted: number;
      rejected: number;
      stored: number;
      duplicate: number;
      quarantinedLater: number;
      unaccounted: number;
    };
  };
}

/** Waits until every processor has read everything and every accepted event has found its end. */
export async function quiescence(client: GraphqlClient, ms = 60_000): Promise<Health['ledger']['total']> {
  let last: Health | undefined;
  await waitFor(
    async () => {
      last = await client.ask<Health>(HEALTH);
      return last.ledger.total.unaccounted === 0 && last.health.lag.every((lag) => lag.records === 0);
    },
    ms,
    'quiescence',
  ).catch((error: unknown) => {
    throw new Error(`Not everything was processed: ${JSON.stringify(last)}`, { cause: error });
  });
  if (last === undefined) throw new Error('never asked');
  return last.ledger.total;
}

/** Everything that the guarantees promise about a workload, as a list of faults. */
export async function guaranteeFaults(client: GraphqlClient, fates: Fates): Promise<string[]> {
  await quiescence(client);
  const stored = await storedEvents(client);
  return [...ledgerFaults(fates, stored), ...(await sessionFaults(client, stored))];
}

/** Sessions that a single pass over the stored events makes and that are not there, and the reverse. */
export async function sessionFaults(client: GraphqlClient, stored: readonly StoredNode[]): Promise<string[]> {
  // Session rows travel through the log: the last ones may be on their way when the lag is 0 for the first time.
  const wanted = sessionsByDefinition(stored);
  let actual: string[] = [];
  await waitFor(async () => {
    actual = sessionsAsStored(await storedSessions(client));
    return actual.join('\n') === wanted.join('\n');
  }, 30_000).catch(() => undefined); // What differs is listed below.
  const known = new Set(wanted);
  const found = new Set(actual);
  return [
    ...wanted.filter((session) => !found.has(session)).map((session) => `session missing: ${session}`),
    ...actual.filter((session) => !known.has(session)).map((session) => `session that is none: ${session}`),
  ];
}
