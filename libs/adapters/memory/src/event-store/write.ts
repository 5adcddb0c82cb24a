import { compareVersions, isUuid, type QuarantineEntry, type StoredEvent } from '@productgraph/contracts';
import type { BlockEvent, StoreBlock, WriteResult } from '@productgraph/domain-event';
import {
  ledgerMinute,
  LedgerTally,
  quarantineCounter,
  refusedEvent,
  type LedgerCounter,
  type Refusal,
} from '@productgraph/domain-ledger';
import type { GroupPartition } from '@productgraph/kernel';
import { addRow, type StoreContents } from './contents.ts';

/** Organisation of rows whose project nobody knows. */
export const NOBODY = '00000000-0000-0000-0000-000000000000';

export const headKey = ({ group, topic, generation, partition }: GroupPartition): string =>
  JSON.stringify([group, topic, generation, partition]);

/** Organisations by project id; null = no such project. */
export type Owners = ReadonlyMap<string, string | null>;

const JSON_FIELDS = ['properties', 'context', 'groups', 'uiStateBefore', 'uiStateAfter'] as const;

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** What a real store refuses too: times out of range, U+0000, broken JSON, unknown projects. */
function refusalOf(event: StoredEvent, owners: Owners): Refusal | null {
  const refuse = (message: string): Refusal => ({ code: 'store_refused', message });
  if ((owners.get(event.projectId) ?? null) === null)
    return refuse(`There is no project ${JSON.stringify(event.projectId)}`);
  if (!(event.timestamp >= Date.UTC(2000, 0) && event.timestamp < Date.UTC(2100, 0))) {
    return { code: 'timestamp_out_of_range', message: 'The time is before 2000 or after 2099' };
  }
  if (Object.values(event).some((value) => typeof value === 'string' && value.includes('\0'))) {
    return refuse('A text holds U+0000');
  }
  const broken = JSON_FIELDS.find((field) => event[field] !== null && !isJson(event[field]));
  return broken === undefined ? null : refuse(`${broken} is not JSON`);
}

interface Writing {
  readonly contents: StoreContents;
  readonly block: StoreBlock;
  readonly owners: Owners;
  readonly tally: LedgerTally;
}

/** Stores the event, or quarantines it; counts what became of it. */
function storeEvent({ contents, block, owners, tally }: Writing, row: BlockEvent): keyof WriteResult {
  const { event, offset } = row;
  const count = (counter: LedgerCounter): void =>
    tally.add({ projectId: event.projectId, minute: ledgerMinute(event.receivedAt), counter, n: 1 });
  const refusal = refusalOf(event, owners);
  const { partition } = block.partition;
  if (refusal !== null) {
    const entry = refusedEvent(event, { partition, offset }, refusal);
    count(keepEntry(contents, owners, entry) ? 'quarantinedLater' : 'duplicate');
    return 'refused';
  }
  const key = JSON.stringify([event.projectId, event.eventId, event.timestamp]);
  const isNew = !contents.events.has(key);
  if (isNew) contents.events.set(key, { event, offset, partition });
  count(isNew ? 'stored' : 'duplicate');
  return isNew ? 'inserted' : 'duplicates';
}

/** False when the entry was there already. */
export function keepEntry(contents: StoreContents, owners: Owners, entry: QuarantineEntry): boolean {
  const orgId = owners.get(entry.projectId) ?? NOBODY;
  const key = JSON.stringify([orgId, entry.projectId, entry.id]);
  if (contents.quarantine.has(key)) return false;
  contents.quarantine.set(key, { orgId, entry, replayed: false });
  return true;
}

function storeSessions({ contents, block, owners }: Writing): void {
  for (const session of block.sessions) {
    if ((owners.get(session.projectId) ?? null) === null) continue;
    const { projectId, sessionId, userKey, lane, openedReceivedAt } = session;
    const key = JSON.stringify([projectId, sessionId, userKey, lane, openedReceivedAt]);
    const known = contents.sessions.get(key);
    if (known === undefined || compareVersions(session.version, known.version) > 0) contents.sessions.set(key, session);
  }
}

/** Writes the block in one step; null when the head stands elsewhere. */
export function writeBlock(contents: StoreContents, block: StoreBlock, owners: Owners): WriteResult | null {
  const head = contents.heads.get(headKey(block.partition));
  if (head !== undefined && head.next !== block.first) return null;
  contents.heads.set(headKey(block.partition), {
    next: block.last + 1,
    windowStart: block.windowStart,
    time: block.time,
  });
  const tally = new LedgerTally();
  const writing = { contents, block, owners, tally };
  tally.addCounts(block.accepted, 'accepted');
  tally.addCounts(block.duplicates, 'duplicate');
  const result = { inserted: 0, duplicates: 0, refused: 0 };
  for (const row of block.events) result[storeEvent(writing, row)] += 1;
  storeSessions(writing);
  for (const entry of block.quarantine) countEntry(tally, entry, keepEntry(contents, owners, entry));
  addTally(contents, tally, owners);
  return result;
}

/** Adds what was counted to the ledger, unknown projects under nobody's organisation. */
export function addTally(contents: StoreContents, tally: LedgerTally, owners: Owners): void {
  for (const row of tally.rows()) {
    const orgId = owners.get(row.projectId) ?? NOBODY;
    addRow(contents, orgId, isUuid(row.projectId) ? row : { ...row, projectId: NOBODY });
  }
}

/** Counts an entry by what is kept of it. */
export function countEntry(tally: LedgerTally, entry: QuarantineEntry, isNew: boolean): void {
  const counter = quarantineCounter(entry.stage);
  const { projectId, receivedAt } = entry;
  const minute = ledgerMinute(receivedAt);
  if (isNew) tally.add({ projectId, minute, counter, n: 1 });
  else if (counter !== 'rejected') tally.add({ projectId, minute, counter: 'duplicate', n: 1 });
}
