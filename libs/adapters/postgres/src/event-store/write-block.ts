import type { StoreBlock, WriteResult } from '@productgraph/domain-event';
import { LedgerTally, refusedEvent } from '@productgraph/domain-ledger';
import type { PoolClient } from 'pg';
import { addToLedger } from './add-to-ledger.ts';
import type { CopyWriter } from './copy-writer.ts';
import type { EncodedEvents, RefusedEvent } from './encode-events.ts';
import { countEntries } from './count-entries.ts';
import { countEvents, type EventCount } from './event-counts.ts';
import { moveHead } from './heads.ts';
import { insertEvents } from './insert-events.ts';
import type { Owners } from './owners.ts';
import { insertQuarantine } from './quarantine-rows.ts';
import { upsertSessions, type EncodedSessions } from './session-rows.ts';

/** A block with everything that can be made ready outside the transaction. */
export interface PreparedBlock {
  readonly block: StoreBlock;
  readonly owners: Owners;
  readonly events: EncodedEvents;
  readonly eventCopy: CopyWriter;
  readonly sessions: EncodedSessions;
  readonly quarantineCopy: CopyWriter;
  /** Try COPY straight into the months. */
  readonly direct: boolean;
}

export interface WrittenBlock extends WriteResult {
  readonly conflicts: boolean;
}

/**
 * The whole block in the caller's transaction: head, events, sessions, quarantine, ledger, in this order (rows that
 * other writers share come last). Null = the head is elsewhere, nothing was written.
 */
export async function writeBlock(client: PoolClient, prepared: PreparedBlock): Promise<WrittenBlock | null> {
  const { block, events, owners } = prepared;
  if (!(await moveHead(client, block))) return null;
  const { stored, conflicts, ...inserted } = await insertEvents(client, {
    ...events,
    copy: prepared.eventCopy,
    direct: prepared.direct,
  });
  const refused = [...events.refused, ...inserted.refused];
  const tally = tallyOf(block, stored, refused);
  await quarantineRefused(client, { prepared, refused, tally });
  await addToLedger(client, tally, owners);
  const rows = stored.reduce((sum, { n }) => sum + n, 0);
  const duplicates = block.events.length - refused.length - rows;
  return { inserted: rows, duplicates, refused: refused.length, conflicts };
}

/** Sessions and quarantine; what is newly in quarantine goes into the tally. */
async function quarantineRefused(
  client: PoolClient,
  { prepared, refused, tally }: { prepared: PreparedBlock; refused: readonly RefusedEvent[]; tally: LedgerTally },
): Promise<void> {
  const { block, owners, quarantineCopy } = prepared;
  // A refused session row is no event: it stands in quarantine, not in the ledger.
  const ofSessions = await upsertSessions(client, prepared.sessions);
  const ofEvents = refused.map(({ row, refusal }) =>
    refusedEvent(row.event, { partition: block.partition.partition, offset: row.offset }, refusal),
  );
  const entries = [...block.quarantine, ...ofEvents];
  const kept = await insertQuarantine(client, [...entries, ...ofSessions], { owners, to: quarantineCopy });
  countEntries(tally, entries, kept);
}

/** What the block adds to the ledger besides quarantine: duplicates are those left out before, and those not new to the store. */
function tallyOf(block: StoreBlock, stored: readonly EventCount[], refused: readonly RefusedEvent[]): LedgerTally {
  const tally = new LedgerTally();
  tally.addCounts(block.accepted, 'accepted');
  tally.addCounts(block.duplicates, 'duplicate');
  const takeOff = [...stored, ...countEvents(refused.map(({ row }) => row))];
  for (const count of countEvents(block.events)) tally.add({ ...count, counter: 'duplicate' });
  for (const count of takeOff) tally.add({ ...count, counter: 'duplicate', n: -count.n });
  for (const count of stored) tally.add({ ...count, counter: 'stored' });
  return tally;
}
