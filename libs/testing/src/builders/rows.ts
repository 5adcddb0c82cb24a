import { uuidv7, type QuarantineEntry, type SessionRow } from '@productgraph/contracts';
import type { StoreBlock } from '@productgraph/domain-event';
import { PROJECT_DEFAULTS, type Organisation, type Project } from '@productgraph/domain-tenant';

/** Time at which built things happen unless told: 2026-03-04 05:06:07.089 UTC. */
export const BUILT_AT = Date.UTC(2026, 2, 4, 5, 6, 7, 89);

/** An organisation with a new id. */
export function organisationOf(fields: Partial<Organisation> = {}): Organisation {
  return { id: uuidv7(BUILT_AT), name: 'Acme', createdAt: BUILT_AT, ...fields };
}

/** A project with a new id and default settings. */
export function projectOf(fields: Partial<Project> & Pick<Project, 'orgId'>): Project {
  return { ...PROJECT_DEFAULTS, id: uuidv7(BUILT_AT), name: 'Shop', createdAt: BUILT_AT, ...fields };
}

/** A live, open session part of one page view. */
export function sessionRow(fields: Partial<SessionRow> & Pick<SessionRow, 'projectId'>): SessionRow {
  const start = fields.start ?? BUILT_AT;
  return {
    sessionId: 's1',
    userKey: 'u:ann',
    lane: 0,
    version: { revision: 0, generation: 1, offset: 0, rank: 0 },
    state: 'open',
    mergedInto: null,
    userId: 'ann',
    anonymousId: null,
    openedReceivedAt: start,
    start,
    end: start,
    events: 1,
    pageViews: 1,
    errors: 0,
    entryPath: '/',
    exitPath: '/',
    referrer: null,
    utmSource: null,
    utmMedium: null,
    utmCampaign: null,
    userAgent: null,
    isBot: false,
    lateEvents: 0,
    ...fields,
  };
}

/** An entry of ingestion's with a new id. */
export function quarantineEntry(
  fields: Partial<QuarantineEntry> & Pick<QuarantineEntry, 'projectId'>,
): QuarantineEntry {
  const receivedAt = fields.receivedAt ?? BUILT_AT;
  return {
    id: uuidv7(receivedAt),
    receivedAt,
    stage: 'ingest',
    code: 'missing_identity',
    message: 'No identity',
    eventId: null,
    payload: '{}',
    position: null,
    source: null,
    traceId: null,
    ...fields,
  };
}

/** An empty block of one record at the start of partition 0. */
export function storeBlock(fields: Partial<StoreBlock> = {}): StoreBlock {
  const first = fields.first ?? 0;
  return {
    partition: { group: 'event-writer', topic: 'events', generation: 1, partition: 0 },
    first,
    last: first,
    windowStart: null,
    time: BUILT_AT,
    events: [],
    sessions: [],
    quarantine: [],
    accepted: {},
    duplicates: {},
    ...fields,
  };
}
