import { blockJournalSuite, organisationOf, projectOf, systemClock } from '@productgraph/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { createPostgresLedgerStore } from '../ledger/ledger-store.ts';
import { pruneBlocks } from '../ledger/prune.ts';
import { withTransaction } from '../pool.ts';
import { primaryReads } from '../read-pool.ts';
import { createPostgresProjectDirectory } from '../tenant/directories.ts';
import { openPostgresTenantStore } from '../tenant/tenant-store.ts';
import { sharedDatabase } from '../testing/shared-database.ts';
import { createPostgresBlockJournal } from './journal.ts';

const shared = sharedDatabase();
afterAll(() => shared.drop());

blockJournalSuite('PostgreSQL', async () => {
  const { url, pools } = await shared.open();
  const { app, writer } = pools;
  const tenants = await openPostgresTenantStore({ url, clock: systemClock });
  return {
    journal: createPostgresBlockJournal({ pool: writer, projects: createPostgresProjectDirectory(writer) }),
    ledger: createPostgresLedgerStore({ reads: primaryReads(app), clock: systemClock }),
    tenants,
    close: async () => {
      await tenants.end();
      await shared.empty();
    },
  };
});

describe('history of blocks', () => {
  it('has a row per range for 7 days', async () => {
    const { pools } = await shared.open();
    const journal = createPostgresBlockJournal({
      pool: pools.writer,
      projects: createPostgresProjectDirectory(pools.writer),
    });
    const partition = { group: 'event-writer', topic: 'events', generation: 1, partition: 0 } as const;
    const range = {
      first: 5,
      last: 9,
      windowStart: null,
      time: 1,
      routing: 'r',
      accepted: {},
      duplicates: { none: { '1': 2 } },
      sessions: 0,
      quarantine: 0,
      refused: [],
    };
    await journal.begin(partition, range);
    await journal.finish(partition, range, {
      stored: { none: { '1': 3 } },
      duplicates: {},
      quarantine: [],
      uncounted: [],
    });
    const history = (): Promise<unknown[]> =>
      withTransaction(pools.writer, { role: 'writer' }, async (client) => {
        const { rows } = await client.query(
          'SELECT first, last, stored, duplicate, refused, routing FROM writer_blocks',
        );
        return rows;
      });
    expect(await history()).toEqual([{ first: 5, last: 9, stored: 3, duplicate: 2, refused: 0, routing: 'r' }]);
    const inDays = (days: number): number => systemClock.now() + days * 86_400_000;
    expect(await pruneBlocks(pools.writer, inDays(6.9))).toBe(0);
    expect(await pruneBlocks(pools.writer, inDays(7.1))).toBe(1);
    expect(await history()).toEqual([]);
    await shared.empty();
  });
});

it('finds events elsewhere for projects of the tenant only', async () => {
  const { url, pools } = await shared.open();
  const tenants = await openPostgresTenantStore({ url, clock: systemClock });
  const organisations = [organisationOf(), organisationOf()] as const;
  for (const organisation of organisations) await tenants.createOrganisation(organisation, 'system');
  const project = projectOf({ orgId: organisations[0].id });
  await tenants.createProject(project, 'system');
  const stored = { timestamp: 1, receivedAt: 2, logPartition: 3, logOffset: 4 };
  const findEvent = async (): Promise<typeof stored> => stored;
  const ledger = createPostgresLedgerStore({ reads: primaryReads(pools.app), clock: systemClock, findEvent });
  expect(await ledger.trace(project.orgId, project.id, 'e')).toEqual({ eventId: 'e', stored, quarantined: null });
  expect(await ledger.trace(organisations[1].id, project.id, 'e')).toMatchObject({ stored: null });
  expect(await ledger.trace(project.orgId, 'no uuid', 'e')).toMatchObject({ stored: null });
  await tenants.end();
  await shared.empty();
});
