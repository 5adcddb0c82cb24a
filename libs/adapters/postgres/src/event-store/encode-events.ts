import { type BlockEvent, isStorableTime, type Month, monthOf } from '@productgraph/domain-event';
import type { Refusal } from '@productgraph/domain-ledger';
import type { CopyWriter } from './copy-writer.ts';
import { writeEventRow } from './event-rows.ts';
import { refusalOf } from './faults.ts';
import type { Owners } from './owners.ts';
import type { Range } from './staging.ts';

export interface RefusedEvent {
  readonly row: BlockEvent;
  readonly refusal: Refusal;
}

/** Events as rows of a {@link CopyWriter}, in order of months. */
export interface EncodedEvents {
  readonly rows: readonly BlockEvent[];
  readonly months: readonly (Range & { readonly month: Month })[];
  readonly refused: readonly RefusedEvent[];
}

const OUT_OF_RANGE: Refusal = { code: 'timestamp_out_of_range', message: 'The time is before 2000 or after 2099' };

function refusalBefore({ event }: BlockEvent, owners: Owners): Refusal | null {
  if ((owners.get(event.projectId) ?? null) === null) {
    return { code: 'store_refused', message: `There is no project ${JSON.stringify(event.projectId)}` };
  }
  return isStorableTime(event.timestamp) ? null : OUT_OF_RANGE;
}

/** In order of months, otherwise as they came; nearly always it is one month and nothing is moved. */
function byMonth(events: readonly BlockEvent[]): readonly BlockEvent[] {
  const first = events[0] === undefined ? 0 : monthOf(events[0].event.timestamp);
  if (events.every(({ event }) => monthOf(event.timestamp) === first)) return events;
  return events.toSorted((a, b) => monthOf(a.event.timestamp) - monthOf(b.event.timestamp));
}

/** What makes an event a row. */
export interface EventEncoding {
  readonly owners: Owners;
  readonly to: CopyWriter;
  /** Log partition. */
  readonly partition: number;
}

function encode(row: BlockEvent, { owners, to, partition }: EventEncoding): Refusal | null {
  const refusal = refusalBefore(row, owners);
  const owner = owners.get(row.event.projectId) ?? null;
  if (refusal !== null || owner === null) return refusal;
  try {
    writeEventRow(to, row.event, { org: owner.org, project: owner.project, partition, offset: row.offset });
    return null;
  } catch (error) {
    const fault = refusalOf(error);
    if (fault === null) throw error;
    to.abandonRow();
    return fault;
  }
}

/** Writes the rows; those that cannot become rows are refused. */
export function encodeEvents(events: readonly BlockEvent[], encoding: EventEncoding): EncodedEvents {
  const rows: BlockEvent[] = [];
  const refused: RefusedEvent[] = [];
  const months: { first: number; end: number; month: Month }[] = [];
  for (const row of byMonth(events)) {
    const refusal = encode(row, encoding);
    if (refusal !== null) {
      refused.push({ row, refusal });
      continue;
    }
    rows.push(row);
    const month = monthOf(row.event.timestamp);
    const current = months.at(-1);
    if (current?.month === month) current.end = rows.length;
    else months.push({ first: rows.length - 1, end: rows.length, month });
  }
  return { rows, months, refused };
}
