import type { BlockRange, StoreBlock } from '@productgraph/domain-event';
import { addCounts, subtractCounts } from './counts.ts';

/** Two blocks, the second right behind the first, as one. */
export function joinBlocks(a: StoreBlock, b: StoreBlock): StoreBlock {
  return {
    partition: a.partition,
    first: a.first,
    last: b.last,
    windowStart: b.windowStart,
    time: b.time,
    events: [...a.events, ...b.events],
    sessions: [...a.sessions, ...b.sessions],
    quarantine: [...a.quarantine, ...b.quarantine],
    accepted: addCounts(a.accepted, b.accepted),
    duplicates: addCounts(a.duplicates, b.duplicates),
  };
}

/** The log gives other rows than it gave when the range was recorded. */
class LogDiffers extends Error {
  override readonly name = 'LogDiffers';
}

/** The block's part that a recorded range is about, as it was then, and what comes behind it. */
export interface CutBlock {
  readonly part: StoreBlock;
  readonly rest: StoreBlock | null;
}

/**
 * Cuts a block that begins where the range does and reaches at least as far. Sessions and quarantine entries do not tell their
 * offsets, but stand in the log's order: so many as were recorded are the range's.
 * @throws LogDiffers when there are fewer
 */
export function cutBlock(block: StoreBlock, range: BlockRange): CutBlock {
  if (block.sessions.length < range.sessions || block.quarantine.length < range.quarantine) {
    const { topic, generation, partition } = block.partition;
    throw new LogDiffers(
      `Offsets ${range.first} to ${range.last} of ${topic}.${generation} partition ${partition} were recorded with ${range.sessions} sessions and ${range.quarantine} quarantine entries, and the log has fewer now: it is not the log that was read then.`,
    );
  }
  const part: StoreBlock = {
    ...block,
    last: range.last,
    windowStart: range.windowStart,
    time: range.time,
    events: block.events.filter(({ offset }) => offset <= range.last),
    sessions: block.sessions.slice(0, range.sessions),
    quarantine: block.quarantine.slice(0, range.quarantine),
    accepted: range.accepted,
    duplicates: range.duplicates,
  };
  if (block.last === range.last) return { part, rest: null };
  const rest: StoreBlock = {
    ...block,
    first: range.last + 1,
    events: block.events.filter(({ offset }) => offset > range.last),
    sessions: block.sessions.slice(range.sessions),
    quarantine: block.quarantine.slice(range.quarantine),
    accepted: subtractCounts(block.accepted, range.accepted),
    duplicates: subtractCounts(block.duplicates, range.duplicates),
  };
  return { part, rest };
}
