import { type BlockEvent, isStorableTime, monthOf, type RefusedRow, type StoreBlock } from '@productgraph/domain-event';
import { ledgerMinute, type Refusal } from '@productgraph/domain-ledger';
import { writeRow } from '../rows/table.ts';
import { EVENTS } from '../rows/tables.ts';
import { Counts } from './counts.ts';
import type { Encoding } from './encoding.ts';
import { nobodysOwner, type Owner } from './owners.ts';
import { groupRows, type Grouped, type Place } from './row-groups.ts';
import { shardOf } from './routing.ts';

export interface EncodedEvents extends Grouped {
  /** New rows, by project and minute of receipt. */
  readonly stored: Counts;
  /** Left out: an earlier event of the block has the same project, id and time. */
  readonly duplicates: Counts;
}

const OUT_OF_RANGE: Refusal = { code: 'timestamp_out_of_range', message: 'The time is before 2000 or after 2099' };

/** Which event of its record each event is. */
function indexesInRecords(events: readonly BlockEvent[]): number[] {
  let offset = Number.NaN;
  let index = 0;
  return events.map((row) => {
    index = row.offset === offset ? index + 1 : 0;
    offset = row.offset;
    return index;
  });
}

/** Why an event is refused before anything is written; in a range that was recorded before, nothing but its time counts. */
function refusalBefore({ event }: BlockEvent, { owners, known }: Encoding): Refusal | null {
  if (known === null && (owners.get(event.projectId) ?? null) === null) {
    return { code: 'store_refused', message: `There is no project ${JSON.stringify(event.projectId)}` };
  }
  return isStorableTime(event.timestamp) ? null : OUT_OF_RANGE;
}

/** Rows of the block's events but for those in `skip`, which are refused already. */
export function encodeEvents(block: StoreBlock, encoding: Encoding, skip: ReadonlySet<number>): EncodedEvents {
  const { events } = block;
  const refused: RefusedRow[] = [];
  const places: Place[] = [];
  const seen = new Set<string>();
  const [stored, duplicates] = [new Counts(), new Counts()];
  for (const [index, row] of events.entries()) {
    if (skip.has(index)) continue;
    const { event } = row;
    const refusal = refusalBefore(row, encoding);
    if (refusal !== null) {
      refused.push({ kind: 'event', index, ...refusal });
      continue;
    }
    const key = `${event.projectId} ${event.timestamp} ${event.eventId}`;
    const counts = seen.has(key) ? duplicates : stored;
    counts.add(event.projectId, ledgerMinute(event.receivedAt));
    if (counts === duplicates) continue;
    seen.add(key);
    const shard = shardOf(encoding.routing, event.projectId, event.userKey);
    places.push({ index, shard, month: monthOf(event.timestamp) });
  }
  const grouped = groupRows(places, {
    kind: 'event',
    table: EVENTS,
    writer: encoding.events,
    write: lineWriter(block, encoding),
  });
  return { groups: grouped.groups, refused: [...refused, ...grouped.refused], stored, duplicates };
}

function lineWriter(
  { events, partition: log }: StoreBlock,
  { owners, events: writer }: Encoding,
): (place: Place) => string | null {
  const { topic, generation, partition } = log;
  const indexes = indexesInRecords(events);
  const ownerOf = (projectId: string): Owner => owners.get(projectId) ?? nobodysOwner(projectId);
  return ({ index }) => {
    const row = events[index];
    if (row === undefined) return 'There is no such event';
    const { event, offset } = row;
    const place = { ...ownerOf(event.projectId), topic, generation, partition, offset, index: indexes[index] ?? 0 };
    return writeRow(writer, EVENTS, { event, place });
  };
}
