import type { QuarantineEntry } from '@productgraph/contracts';
import type { PoolClient } from 'pg';
import type { CopyWriter } from './copy-writer.ts';
import { nobodysOwner, type Owners } from './owners.ts';
import { columnList, copyInto, createStaging, stagingName, type Staged } from './staging.ts';

const QUARANTINE_COLUMNS = [
  'received_at', 'bytes', 'org_id', 'project_id', 'id', 'stage', 'code', 'message', 'payload',
  'event_id', 'position', 'source', 'trace_id',
] as const; // prettier-ignore

const QUARANTINE: Staged = { table: 'quarantine', columns: QUARANTINE_COLUMNS };
const STAGING = stagingName(QUARANTINE);
const COLUMNS = columnList(QUARANTINE_COLUMNS);

/** An entry that came twice (its record was appended again) is kept and counted once. */
const MOVE_STAGED = `
  INSERT INTO quarantine (${COLUMNS}) SELECT ${COLUMNS} FROM ${STAGING} ON CONFLICT DO NOTHING RETURNING id`;

/** PostgreSQL's text cannot hold U+0000, and refused events are refused for such things. */
const storable = (text: string): string => (text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text);
const storableOrNull = (text: string | null): string | null => (text === null ? null : storable(text));

const wholeNumber = (value: number | null): number | null => (Number.isSafeInteger(value) ? value : null);

/** What an entry takes of its project's share, bytes. */
function sizeOf(entry: QuarantineEntry): number {
  return Buffer.byteLength(entry.payload) + Buffer.byteLength(entry.message) + 200;
}

function writeQuarantineRow(to: CopyWriter, entry: QuarantineEntry, owners: Owners): void {
  const owner = owners.get(entry.projectId) ?? nobodysOwner(entry.projectId);
  const position = wholeNumber(entry.position);
  to.beginRow(QUARANTINE_COLUMNS.length);
  to.time(Number.isFinite(entry.receivedAt) ? entry.receivedAt : 0);
  to.int4(sizeOf(entry));
  to.uuid(owner.org);
  to.uuid(owner.project);
  to.text(storable(entry.id));
  to.text(entry.stage);
  to.text(entry.code);
  to.text(storable(entry.message));
  to.text(storable(entry.payload));
  to.text(storableOrNull(entry.eventId));
  if (position === null) to.null();
  else to.int8(position);
  to.text(storableOrNull(entry.source));
  to.text(storableOrNull(entry.traceId));
}

/** Keeps the entries; answers those that were not there yet. */
export async function insertQuarantine(
  client: PoolClient,
  entries: readonly QuarantineEntry[],
  { owners, to }: { readonly owners: Owners; readonly to: CopyWriter },
): Promise<QuarantineEntry[]> {
  if (entries.length === 0) return [];
  to.clear();
  for (const entry of entries) writeQuarantineRow(to, entry, owners);
  await client.query(createStaging(QUARANTINE));
  await copyInto(client, { table: STAGING, columns: QUARANTINE_COLUMNS }, to.chunks());
  const { rows } = await client.query<{ id: string }>(MOVE_STAGED);
  const kept = new Set(rows.map(({ id }) => id));
  // An id that stands twice in the block is kept once: `delete` answers true the first time only.
  return entries.filter((entry) => kept.delete(storable(entry.id)));
}
