import type { StoredEvent } from '@productgraph/contracts';
import type { EventStore, StoreBlock } from '@productgraph/domain-event';
import { ledgerMinute, unaccounted, type LedgerRow, type LedgerStore } from '@productgraph/domain-ledger';
import type { Project, TenantStore } from '@productgraph/domain-tenant';
import { BUILT_AT, organisationOf, projectOf, storeBlock } from '../builders/rows.ts';
import { storedEvent } from '../stored-event.ts';

/** An empty event store under test, with what stands around it. */
export interface EventStoreFixture {
  readonly store: EventStore;
  readonly ledger: LedgerStore;
  readonly tenants: TenantStore;
  /**
   * When the store sees that a later block holds an event that it has already under (project, event id, timestamp): when it is
   * written; or when it is read (each event is shown once from the beginning), in which case its recount puts the ledger right.
   * Copies within one block are seen when written by every store.
   */
  readonly copiesSeen: { readonly when: 'written' } | { readonly when: 'read'; recount(): Promise<void> };
  close(): Promise<void>;
}

/** A fixture with two organisations of one project each. */
export interface EventStoreWorld extends EventStoreFixture {
  readonly project: Project;
  /** Of another organisation. */
  readonly foreign: Project;
}

export async function openWorld(open: () => Promise<EventStoreFixture>): Promise<EventStoreWorld> {
  const fixture = await open();
  const projects: Project[] = [];
  for (const name of ['Acme', 'Rival']) {
    const organisation = organisationOf({ name });
    await fixture.tenants.createOrganisation(organisation, 'system');
    const project = projectOf({ orgId: organisation.id });
    await fixture.tenants.createProject(project, 'system');
    projects.push(project);
  }
  const [project, foreign] = projects as [Project, Project];
  return { ...fixture, project, foreign };
}

let made = 0;

/** An event of the world's project; ids differ unless given. */
export function eventOf(world: EventStoreWorld, fields: Partial<StoredEvent> = {}): StoredEvent {
  made += 1;
  return storedEvent({
    timestamp: BUILT_AT,
    receivedAt: BUILT_AT,
    projectId: world.project.id,
    eventId: `e${made}`,
    ...fields,
  });
}

/** A block with these events, one record each, counted as accepted. */
export function blockOf(first: number, events: readonly StoredEvent[], fields: Partial<StoreBlock> = {}): StoreBlock {
  const accepted: Record<string, Record<string, number>> = {};
  for (const { projectId, receivedAt } of events) {
    const minutes = (accepted[projectId] ??= {});
    const minute = String(ledgerMinute(receivedAt));
    minutes[minute] = (minutes[minute] ?? 0) + 1;
  }
  return storeBlock({
    first,
    last: first + Math.max(0, events.length - 1),
    events: events.map((event, index) => ({ event, offset: first + index })),
    accepted,
    ...fields,
  });
}

const EVER = { from: 0, to: 2 ** 31 - 1 };

/** Everything in the ledger of a project. */
export function ledgerOf(world: EventStoreWorld, project: Project = world.project): Promise<LedgerRow[]> {
  return world.ledger.rows({ orgId: project.orgId, projectId: project.id, ...EVER });
}

/** Accepted events that are nowhere, over the whole ledger of the project. */
export async function missing(world: EventStoreWorld): Promise<number> {
  return (await ledgerOf(world)).reduce((sum, row) => sum + unaccounted(row), 0);
}

/** All events of a user of the world's project. */
export function eventsOf(world: EventStoreWorld, userKey = 'u:ann'): Promise<StoredEvent[]> {
  return world.store.userEvents({ projectId: world.project.id, userKey, from: 0, to: Date.UTC(2100, 0) });
}
