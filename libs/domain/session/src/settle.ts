import type { OutputVersion, SessionRow } from '@productgraph/contracts';
import { madeSessionId } from './made-id.ts';
import { toRow, type SessionOwner } from './row.ts';
import type { ExactSession } from './sessionize.ts';
import type { ReadyPart } from './window.ts';

export interface SettleContext {
  readonly owner: SessionOwner;
  /** Whether the session can be settled now; the others keep their rows and are left to the live fold. */
  readonly isFinal: (session: ExactSession) => boolean;
  /** Place in the log up to which the stored events are known. */
  readonly version: { readonly generation: number; readonly offset: number };
  /** Ids that other rows of the user have, merged ones included. */
  readonly takenIds: ReadonlySet<string>;
}

/**
 * Corrections for sessions made here: each final session keeps the id of the row it overlaps most (tie: earliest start), or gets
 * a new one; rows that no session keeps are merged into the one they overlap most (none: `mergedInto` null, no event is left).
 * A settled row that a session overlaps which is not final any more is reopened: its cuts may move, so no other settlement may
 * start from them. A row that says the same and is settled already is not written again. Same input, same rows.
 */
export function settleMade(part: Pick<ReadyPart, 'sessions' | 'rows'>, context: SettleContext): SessionRow[] {
  const overlaps = part.rows.map((row): Overlaps => ({ row, sessions: overlapping(row, part.sessions) }));
  const isFree = ({ sessions }: Overlaps): boolean => sessions.every((session) => context.isFinal(session));
  const free = overlaps.filter(isFree);
  const kept = matchRows(free);
  const ids = new Map<ExactSession, string>();
  const taken = new Set([...context.takenIds, ...part.rows.map((row) => row.sessionId)]);
  const settled = part.sessions
    .filter((session) => context.isFinal(session))
    .map((session) => {
      const row = kept.get(session);
      const id = row?.sessionId ?? newId(context.owner, session.firstEventId, taken);
      taken.add(id);
      ids.set(session, id);
      return settledRow(id, { session, row, context });
    });
  const claimed = new Set(kept.values());
  const merged = free.filter(({ row }) => !claimed.has(row)).map((of) => mergedRow(of, ids, context));
  const reopened = overlaps
    .filter((of) => !isFree(of) && of.row.state === 'settled')
    .map(({ row }): SessionRow => ({ ...row, state: 'closed', version: nextVersion(row, context.version) }));
  return [...settled.filter((row) => row !== null), ...merged, ...reopened];
}

/** Correction for a client's session, or none: its id is its own. */
export function settleClient(
  session: ExactSession & { readonly clientId: string },
  row: SessionRow | undefined,
  context: Omit<SettleContext, 'takenIds' | 'isFinal'>,
): SessionRow[] {
  const settled = settledRow(session.clientId, { session, row, context });
  return settled === null ? [] : [settled];
}

function nextVersion(row: SessionRow | undefined, at: SettleContext['version']): OutputVersion {
  return { revision: (row?.version.revision ?? 0) + 1, ...at, rank: 0 };
}

interface Overlaps {
  readonly row: SessionRow;
  /** Sessions that share at least an instant with the row. */
  readonly sessions: readonly ExactSession[];
}

/** Milliseconds that both cover; 0 when they touch in one instant; negative when apart. */
function overlap({ facts }: ExactSession, row: SessionRow): number {
  return Math.min(facts.end, row.end) - Math.max(facts.start, row.start);
}

/** `sessions` are in order of time and disjoint: binary search, since a user of a long import has thousands. */
function overlapping(row: SessionRow, sessions: readonly ExactSession[]): ExactSession[] {
  let low = 0;
  for (let high = sessions.length; low < high;) {
    const middle = (low + high) >> 1;
    if ((sessions[middle]?.facts.end ?? row.start) < row.start) low = middle + 1;
    else high = middle;
  }
  const found: ExactSession[] = [];
  for (let at = low; at < sessions.length; at++) {
    const session = sessions[at];
    if (session === undefined || session.facts.start > row.end) break;
    found.push(session);
  }
  return found;
}

/** Greedy by overlap: the pair that overlaps most first; ties by start of the row, start of the session, id. */
function matchRows(overlaps: readonly Overlaps[]): Map<ExactSession, SessionRow> {
  const pairs = overlaps.flatMap(({ row, sessions }) =>
    sessions.map((session) => ({ session, row, overlap: overlap(session, row) })),
  );
  pairs.sort(
    (a, b) =>
      b.overlap - a.overlap ||
      a.row.start - b.row.start ||
      a.session.facts.start - b.session.facts.start ||
      (a.row.sessionId < b.row.sessionId ? -1 : 1),
  );
  const kept = new Map<ExactSession, SessionRow>();
  const claimed = new Set<SessionRow>();
  for (const { session, row } of pairs) {
    if (kept.has(session) || claimed.has(row)) continue;
    kept.set(session, row);
    claimed.add(row);
  }
  return kept;
}

function newId(owner: SessionOwner, eventId: string, taken: ReadonlySet<string>): string {
  for (let attempt = 0; ; attempt++) {
    const id = madeSessionId(owner, eventId, attempt);
    if (!taken.has(id)) return id;
  }
}

/** The row of a final session, or null when `row` says the same already. */
function settledRow(
  sessionId: string,
  of: {
    readonly session: ExactSession;
    readonly row: SessionRow | undefined;
    readonly context: Pick<SettleContext, 'owner' | 'version'>;
  },
): SessionRow | null {
  const { session, row, context } = of;
  const settled = toRow(
    context.owner,
    {
      sessionId,
      version: nextVersion(row, context.version),
      state: 'settled',
      mergedInto: null,
      openedReceivedAt: row?.openedReceivedAt ?? session.facts.firstReceivedAt,
      lateEvents: session.lateEvents,
    },
    session.facts,
  );
  return row !== undefined && saysTheSame(row, settled) ? null : settled;
}

/** Equal in everything but the version. */
function saysTheSame(a: SessionRow, b: SessionRow): boolean {
  return (Object.keys(b) as (keyof SessionRow)[]).every((field) => field === 'version' || a[field] === b[field]);
}

function mergedRow(
  { row, sessions }: Overlaps,
  ids: ReadonlyMap<ExactSession, string>,
  { version }: SettleContext,
): SessionRow {
  const [absorber] = [...sessions].sort((a, b) => overlap(b, row) - overlap(a, row) || a.facts.start - b.facts.start);
  return {
    ...row,
    version: nextVersion(row, version),
    state: 'merged',
    mergedInto: absorber === undefined ? null : (ids.get(absorber) ?? null),
  };
}
