import { EVENT_FLAGS, type SessionRow, type StoredEvent } from '@productgraph/contracts';
import { factsOf, mergeFacts } from './facts.ts';
import { dueOf, forgetTime, type LiveContext, type LiveSession, type LiveState } from './live-state.ts';
import { openingId, placeClient, placeMade, type Placement } from './place.ts';
import { toRow, type RowHead } from './row.ts';
import { closingTime } from './settings.ts';
import { stateWeight } from './weight.ts';

/** New state (null = nothing left), when it needs attention next (runner time), and rows to emit. */
export interface LiveResult {
  readonly state: LiveState | null;
  readonly due: number | null;
  readonly emit: readonly SessionRow[];
}

/** Adds one event (duplicates already left out) to the sessions of its key. Pure; events may come in any order. */
export function foldEvent(state: LiveState | null, event: StoredEvent, context: LiveContext): LiveResult {
  const sessions = state?.sessions ?? [];
  const placement =
    event.sessionId === null
      ? placeMade(sessions, event.timestamp, context.settings)
      : placeClient(sessions, event.sessionId);
  const emit: SessionRow[] = [];
  const changed = changedBy(placement, event, context);
  const next = [...sessions.filter((session) => !isReplaced(session, placement)), ...changed.sessions];
  if (changed.absorbed !== null) emit.push(mergedRow(changed.absorbed.session, changed.absorbed.into, context));
  return finish(next, emit, context);
}

/** Does what is due: flushes held-back changes, closes, forgets. `context.time` is the time that was due. */
export function fireTimer(state: LiveState, context: LiveContext): LiveResult {
  const kept = state.sessions.filter(
    (session) => !session.isClosed || context.time < forgetTime(session, context.limits),
  );
  return finish(kept, [], context);
}

type LiveHead = Omit<RowHead, 'state' | 'mergedInto'>;

interface Change {
  readonly sessions: readonly LiveSession[];
  readonly absorbed: { readonly session: LiveSession; readonly into: string } | null;
}

function changedBy(placement: Placement, event: StoredEvent, context: LiveContext): Change {
  switch (placement.kind) {
    case 'new':
      return { sessions: [open(event, context)], absorbed: null };
    case 'into':
      return { sessions: [extend(placement.session, event, context)], absorbed: null };
    case 'bridge':
      return bridge(placement, event, context);
  }
}

function isReplaced(session: LiveSession, placement: Placement): boolean {
  if (placement.kind === 'into') return session === placement.session;
  return placement.kind === 'bridge' && (session === placement.left || session === placement.right);
}

function open(event: StoredEvent, context: LiveContext): LiveSession {
  const facts = factsOf(event);
  const isClient = event.sessionId !== null;
  return {
    id: openingId(context.owner, event),
    isClient,
    openedReceivedAt: event.receivedAt,
    facts,
    lateEvents: 0,
    closesAt: closingTime(facts, isClient, context.settings),
    isClosed: false,
    emittedAt: null,
    isChanged: true,
    isSilent: context.isQuiet,
  };
}

function extend(session: LiveSession, event: StoredEvent, context: LiveContext): LiveSession {
  const facts = mergeFacts(session.facts, factsOf(event));
  const isLate = event.receivedAt > session.closesAt && (event.flags & EVENT_FLAGS.historical) === 0;
  const closesAt = closingTime(facts, session.isClient, context.settings);
  return {
    ...session,
    facts,
    lateEvents: session.lateEvents + (isLate ? 1 : 0),
    closesAt,
    isClosed: context.time > closesAt,
    isChanged: true,
  };
}

/** The event joins two sessions: the earlier one lives on, or the later one where only that was ever emitted. */
function bridge(
  { left, right }: Extract<Placement, { kind: 'bridge' }>,
  event: StoredEvent,
  context: LiveContext,
): Change {
  const keepsRight = left.emittedAt === null && right.emittedAt !== null;
  const [kept, absorbed] = keepsRight ? [right, left] : [left, right];
  const joined: LiveSession = {
    ...kept,
    facts: mergeFacts(kept.facts, absorbed.facts),
    lateEvents: kept.lateEvents + absorbed.lateEvents,
    closesAt: Math.max(kept.closesAt, absorbed.closesAt),
  };
  // Both rows change at once: a reader never misses the events of the absorbed one.
  const sessions = [{ ...extend(joined, event, context), emittedAt: null }];
  return { sessions, absorbed: absorbed.emittedAt === null ? null : { session: absorbed, into: kept.id } };
}

/** Closes what is over, emits what may be emitted now, and keeps the state within its bounds. */
function finish(sessions: readonly LiveSession[], emit: SessionRow[], context: LiveContext): LiveResult {
  const next = sessions.map((session) => {
    const isClosing = !session.isClosed && context.time > session.closesAt;
    const settled = isClosing ? { ...session, isClosed: true } : session;
    if (settled.isSilent) return settled.isChanged ? { ...settled, isChanged: false } : settled;
    if (!isClosing && !mayEmit(settled, context)) return settled;
    emit.push(liveRow(settled, settled.isClosed ? 'closed' : 'open', context));
    return { ...settled, emittedAt: context.time, isChanged: false };
  });
  const kept = withinBounds(next, emit, context);
  return { state: kept.length === 0 ? null : { sessions: kept }, due: dueOf(kept, context.limits), emit };
}

function mayEmit(session: LiveSession, { time, limits }: LiveContext): boolean {
  return session.isChanged && (session.emittedAt === null || time - session.emittedAt >= limits.throttleMs);
}

function withinBounds(sessions: readonly LiveSession[], emit: SessionRow[], context: LiveContext): LiveSession[] {
  const kept = [...sessions];
  const { maxSessions, maxBytes } = context.limits;
  while (kept.length > 1 && (kept.length > maxSessions || stateWeight(kept) > maxBytes)) {
    const first = kept.reduce((earliest, session) => (session.facts.end < earliest.facts.end ? session : earliest));
    kept.splice(kept.indexOf(first), 1);
    if (!first.isSilent && (first.isChanged || !first.isClosed)) emit.push(liveRow(first, 'closed', context));
  }
  return kept;
}

function liveRow(session: LiveSession, state: 'open' | 'closed', context: LiveContext): SessionRow {
  return toRow(context.owner, { ...headOf(session, context), state, mergedInto: null }, session.facts);
}

function mergedRow(session: LiveSession, mergedInto: string, context: LiveContext): SessionRow {
  return toRow(context.owner, { ...headOf(session, context), state: 'merged', mergedInto }, session.facts);
}

function headOf({ id, openedReceivedAt, lateEvents }: LiveSession, { version }: LiveContext): LiveHead {
  return { sessionId: id, version: { revision: 0, ...version }, openedReceivedAt, lateEvents };
}
