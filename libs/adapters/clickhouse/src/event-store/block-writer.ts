import type { BlockRange, OpenRange, RefusedRow, StoreBlock, WriteResult } from '@productgraph/domain-event';
import { refusedEvent, refusedSession } from '@productgraph/domain-ledger';
import type { QuarantineEntry } from '@productgraph/contracts';
import { RowWriter } from '../rows/row-writer.ts';
import { encodeBlock, inOrder, type EncodedBlock } from './encode-block.ts';
import type { Encoding } from './encoding.ts';
import { insertGroups } from './insert.ts';
import type { ClickHouseStoreOptions } from './options.ts';
import { createOwnerLookup } from './owners.ts';
import { parseRouting, routingText, type Routing } from './routing.ts';

/** Stores blocks whose place in the log is settled. */
export interface BlockWriter {
  /** Records the block as a range; null = its head is elsewhere, or a range is open. What it gives stores the rows and ends the range. */
  begin(block: StoreBlock): Promise<(() => Promise<WriteResult | null>) | null>;
  /** Stores a block that is recorded as `open`. Null = someone else has ended it. */
  finish(block: StoreBlock, open: OpenRange): Promise<WriteResult | null>;
}

/** Tokens of a range that was begun so long ago may be forgotten: before its rows are inserted they are looked for. */
const LOOK_AFTER_MS = 10 * 60_000;

type Writers = Pick<Encoding, 'events' | 'sessions'>;

/** A buffer that grew beyond this for an unusual block is not kept. */
const KEPT_BYTES = 8 << 20;

/** Buffers are kept between blocks: one set per block under way. */
function createWriterPool(): { take(): Writers; give(writers: Writers): void } {
  const idle: Writers[] = [];
  return {
    take: () => idle.pop() ?? { events: new RowWriter(1 << 20), sessions: new RowWriter(1 << 14) },
    give: (writers) => {
      if (writers.events.capacity <= KEPT_BYTES && writers.sessions.capacity <= KEPT_BYTES) idle.push(writers);
    },
  };
}

function projectsOf(block: StoreBlock): Set<string> {
  return new Set([
    ...block.events.map(({ event }) => event.projectId),
    ...block.sessions.map(({ projectId }) => projectId),
  ]);
}

function rangeOf(block: StoreBlock, { refused }: EncodedBlock, routing: string): BlockRange {
  const { first, last, windowStart, time, accepted, duplicates, sessions, quarantine } = block;
  return {
    first,
    last,
    windowStart,
    time: Math.floor(time),
    routing,
    accepted,
    duplicates,
    sessions: sessions.length,
    quarantine: quarantine.length,
    refused,
  };
}

/** Quarantine entries of what was refused. */
function entriesOf(block: StoreBlock, refused: readonly RefusedRow[], kind: RefusedRow['kind']): QuarantineEntry[] {
  const { partition } = block.partition;
  return refused.flatMap((row) => {
    if (row.kind !== kind) return [];
    const event = kind === 'event' ? block.events[row.index] : undefined;
    if (event !== undefined) return [refusedEvent(event.event, { partition, offset: event.offset }, row)];
    const session = kind === 'session' ? block.sessions[row.index] : undefined;
    return session === undefined ? [] : [refusedSession(session, { partition, offset: block.last }, row)];
  });
}

type Deps = Pick<ClickHouseStoreOptions, 'clickhouse' | 'journal'>;

/** Inserts, and inserts again without the rows that ClickHouse refused; then the range is done. */
async function store(deps: Deps, block: StoreBlock, { open, encoding, made }: Storing): Promise<WriteResult | null> {
  let range: BlockRange = open;
  let encoded = made ?? encodeBlock(block, encoding);
  for (;;) {
    const refused = await refusedNow(deps, block, { encoded, open, range });
    if (refused.length === range.refused.length) return end(deps, block, { range, encoded });
    if (!(await deps.journal.refuse(block.partition, range, refused))) return null;
    range = { ...range, refused };
    encoded = encodeBlock(block, { ...encoding, known: refused });
  }
}

interface Storing {
  readonly open: OpenRange;
  readonly encoding: Encoding;
  /** The rows, when they are in the writers already: made for the range that is recorded now. */
  readonly made?: EncodedBlock;
}

interface Attempt {
  readonly encoded: EncodedBlock;
  readonly open: OpenRange;
  readonly range: BlockRange;
}

/** All refused rows: more than the range knows when some cannot be encoded, or ClickHouse refused them; nothing is inserted before the former are recorded. */
async function refusedNow(
  deps: Deps,
  block: StoreBlock,
  { encoded, open, range }: Attempt,
): Promise<readonly RefusedRow[]> {
  if (encoded.refused.length > range.refused.length) return encoded.refused;
  const look = open.ageMs > LOOK_AFTER_MS;
  const found = await insertGroups(encoded.groups, { all: deps.clickhouse, block, look });
  return found.length === 0 ? range.refused : inOrder([...range.refused, ...found]);
}

async function end(
  { journal }: Deps,
  block: StoreBlock,
  { range, encoded }: Omit<Attempt, 'open'>,
): Promise<WriteResult | null> {
  const refused = entriesOf(block, range.refused, 'event');
  const finished = await journal.finish(block.partition, range, {
    stored: encoded.stored,
    duplicates: encoded.duplicates,
    quarantine: [...block.quarantine, ...refused],
    uncounted: entriesOf(block, range.refused, 'session'),
  });
  return finished ? { inserted: encoded.inserted, duplicates: encoded.repeated, refused: refused.length } : null;
}

/** @param current where rows of new blocks go */
export function createBlockWriter(options: Omit<ClickHouseStoreOptions, 'spread'>, current: Routing): BlockWriter {
  const { clickhouse, journal, projects } = options;
  const ownersOf = createOwnerLookup(projects);
  const pool = createWriterPool();
  return {
    begin: async (block) => {
      const owners = await ownersOf(projectsOf(block));
      const writers = pool.take();
      const encoding = { ...writers, owners, routing: current, known: null };
      const made = encodeBlock(block, encoding);
      const range = rangeOf(block, made, routingText(current, owners.keys()));
      if (!(await journal.begin(block.partition, range))) {
        pool.give(writers);
        return null;
      }
      return async () => {
        const storing = { open: { ...range, ageMs: 0 }, encoding: { ...encoding, known: range.refused }, made };
        const result = await store(options, block, storing);
        pool.give(writers);
        return result;
      };
    },
    finish: async (block, open) => {
      const owners = await ownersOf(projectsOf(block));
      const writers = pool.take();
      const routing = parseRouting(open.routing);
      if (routing.shards > clickhouse.shards.length) throw new ShardsMissing(open, clickhouse.shards.length);
      const result = await store(options, block, {
        open,
        encoding: { ...writers, owners, routing, known: open.refused },
      });
      pool.give(writers);
      return result;
    },
  };
}

/** A range was recorded for more shards than there are: its rows may be on one that is gone. */
class ShardsMissing extends Error {
  override readonly name = 'ShardsMissing';

  constructor({ first, last, routing }: OpenRange, shards: number) {
    super(
      `Offsets ${first} to ${last} were begun for other shards (${routing}) than the ${shards} of CLICKHOUSE_URLS: name all of them.`,
    );
  }
}
