import type { RecordCounts } from '@productgraph/contracts';
import type { RefusedRow, StoreBlock } from '@productgraph/domain-event';
import { encodeEvents } from './encode-events.ts';
import { encodeSessions } from './encode-sessions.ts';
import type { Encoding } from './encoding.ts';
import type { RowGroup } from './row-groups.ts';

export interface EncodedBlock {
  readonly groups: readonly RowGroup[];
  /** All that are refused: those that were known, and those that cannot become rows. */
  readonly refused: readonly RefusedRow[];
  /** New events, by project and minute of receipt. */
  readonly stored: RecordCounts;
  readonly inserted: number;
  /** Events that an earlier one of the block is the same as. */
  readonly duplicates: RecordCounts;
  readonly repeated: number;
}

const indexesOf = (refused: readonly RefusedRow[], kind: RefusedRow['kind']): Set<number> =>
  new Set(refused.filter((row) => row.kind === kind).map(({ index }) => index));

/** Events first, then sessions, each in the block's order. */
export const inOrder = (refused: readonly RefusedRow[]): RefusedRow[] =>
  refused.toSorted((a, b) => (a.kind === b.kind ? a.index - b.index : a.kind < b.kind ? -1 : 1));

/**
 * Makes rows of a block, in order of shards and months. The same block, refused rows and routing give the same bytes, whether
 * rows were refused now or before: when one is, all is written again without it, as its twin may take its place.
 */
export function encodeBlock(block: StoreBlock, encoding: Encoding): EncodedBlock {
  let refused = encoding.known ?? [];
  for (;;) {
    encoding.events.clear();
    encoding.sessions.clear();
    const events = encodeEvents(block, encoding, indexesOf(refused, 'event'));
    const sessions = encodeSessions(block.sessions, encoding, indexesOf(refused, 'session'));
    const found = [...events.refused, ...sessions.refused];
    if (found.length === 0) {
      return {
        groups: [...events.groups, ...sessions.groups],
        refused,
        stored: events.stored.counts,
        inserted: events.stored.total,
        duplicates: events.duplicates.counts,
        repeated: events.duplicates.total,
      };
    }
    refused = inOrder([...refused, ...found]);
  }
}
