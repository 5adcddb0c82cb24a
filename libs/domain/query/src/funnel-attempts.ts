import type { FunnelQuestion } from './questions.ts';

/**
 * An event of one actor (user or session) as a funnel sees it. Stores deliver an actor's events in total order
 * (timestamp, sequence, event id), and may leave out those that fulfil no step and no exclusion.
 */
export interface FunnelEvent {
  /** Unix ms. */
  readonly at: number;
  /** Bit i: it matches step i. */
  readonly steps: number;
  /** Bit i: it matches exclusion i. */
  readonly exclusions: number;
  /** Number among all of the actor's events in scope; asked by strict order only, else anything. */
  readonly ordinal: number;
  /** Value of the property held constant; null = not set, or not asked. */
  readonly held: string | null;
  /** Value of the breakdown; null = not set, or not asked. */
  readonly value: string | null;
}

/** Positions (in the actor's events) of the events that fulfilled step 0, 1, …: at least one. */
export type Attempt = readonly [number, ...number[]];

type Rules = Pick<FunnelQuestion, 'order' | 'windowMs'> & {
  readonly steps: number;
  readonly exclusions: readonly { readonly after: number; readonly before: number }[];
  readonly hold: boolean;
};

/** The rules of a question, for {@link attemptAt}. */
export function funnelRules(question: FunnelQuestion): Rules {
  return {
    order: question.order,
    windowMs: question.windowMs,
    steps: question.steps.length,
    exclusions: question.exclusions,
    hold: question.holdConstant !== null,
  };
}

/** An actor's events with, for each step, the positions of those that match it. */
export interface Track {
  readonly events: readonly FunnelEvent[];
  readonly rules: Rules;
  /** By value held constant (one entry when nothing is held): positions per step. */
  readonly positions: ReadonlyMap<string | null, readonly (readonly number[])[]>;
  readonly excluded: readonly (readonly number[])[];
}

export function trackOf(events: readonly FunnelEvent[], rules: Rules): Track {
  const positions = new Map<string | null, number[][]>();
  const excluded: number[][] = rules.exclusions.map(() => []);
  events.forEach((event, position) => {
    if (event.exclusions !== 0) excluded.forEach((list, i) => event.exclusions & (1 << i) && list.push(position));
    if (event.steps === 0 || (rules.hold && event.held === null)) return;
    const key = rules.hold ? event.held : null;
    const lists = positions.get(key) ?? Array.from({ length: rules.steps }, () => []);
    positions.set(key, lists);
    lists.forEach((list, i) => event.steps & (1 << i) && list.push(position));
  });
  return { events, rules, positions, excluded };
}

/** Positions at which an attempt starts: first-step events, or those of any step where the order is free. */
export function* startsOf(track: Track): Generator<number> {
  const wanted = track.rules.order === 'any' ? ~0 : 1;
  for (let i = 0; i < track.events.length; i++) {
    const event = track.events[i];
    if (event === undefined || (event.steps & wanted) === 0) continue;
    if (!track.rules.hold || event.held !== null) yield i;
  }
}

/** How far the attempt that starts at a position comes; null when an exclusion removes it. */
export function attemptAt(track: Track, start: number): Attempt | null {
  if (track.rules.order === 'any') return anyOrder(track, start);
  const attempt = track.rules.order === 'strict' ? strict(track, start) : ordered(track, start);
  return isExcluded(track, attempt) ? null : attempt;
}

/** First element greater than `value` of an ascending list: its index. */
function after(list: readonly number[], value: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] ?? Infinity) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function within(track: Track, start: number, position: number): boolean {
  const [first, then] = [track.events[start], track.events[position]];
  return first !== undefined && then !== undefined && then.at - first.at <= track.rules.windowMs;
}

function listsOf(track: Track, start: number): readonly (readonly number[])[] {
  return track.positions.get(track.rules.hold ? (track.events[start]?.held ?? null) : null) ?? [];
}

/** Each step takes the earliest event after the one before: no later choice could come further. */
function ordered(track: Track, start: number): Attempt {
  const attempt: [number, ...number[]] = [start];
  let last = start;
  for (const list of listsOf(track, start).slice(1)) {
    const next = list[after(list, last)];
    if (next === undefined || !within(track, start, next)) break;
    attempt.push(next);
    last = next;
  }
  return attempt;
}

function strict(track: Track, start: number): Attempt {
  const { events, rules } = track;
  const attempt: [number, ...number[]] = [start];
  const held = events[start]?.held;
  for (let step = 1, last = start; step < rules.steps; step++, last++) {
    const [previous, next] = [events[last], events[last + 1]];
    if (previous === undefined || next?.ordinal !== previous.ordinal + 1) break;
    const fits = (next.steps & (1 << step)) !== 0 && (!rules.hold || next.held === held);
    if (!fits || !within(track, start, last + 1)) break;
    attempt.push(last + 1);
  }
  return attempt;
}

/**
 * Steps in any order: after each event the greatest number of steps that the events so far can fulfil, one step each
 * (bipartite matching by augmenting paths, Kuhn 1955). Of each step only the first `steps` events matter: a matching
 * that uses a later one can use one of these instead.
 */
function anyOrder(track: Track, start: number): Attempt {
  const { events, rules } = track;
  const lists = listsOf(track, start);
  const candidates = new Set<number>();
  for (const list of lists) {
    const first = after(list, start - 1);
    for (const position of list.slice(first, first + rules.steps)) {
      if (within(track, start, position)) candidates.add(position);
    }
  }
  const taken: (number | undefined)[] = [];
  const attempt: number[] = [];
  for (const position of [...candidates].sort((a, b) => a - b)) {
    if (!augment({ events, taken, tried: 0, steps: rules.steps }, position)) continue;
    attempt.push(position);
    if (attempt.length === rules.steps) break;
  }
  return attempt as [number, ...number[]];
}

interface Matching {
  readonly events: readonly FunnelEvent[];
  /** Position that fulfils step i. */
  readonly taken: (number | undefined)[];
  readonly steps: number;
  tried: number;
}

function augment(matching: Matching, position: number): boolean {
  const mask = matching.events[position]?.steps ?? 0;
  for (let step = 0; step < matching.steps; step++) {
    const bit = 1 << step;
    if ((mask & bit) === 0 || (matching.tried & bit) !== 0) continue;
    matching.tried |= bit;
    const holder = matching.taken[step];
    if (holder !== undefined && !augment(matching, holder)) continue;
    matching.taken[step] = position;
    return true;
  }
  return false;
}

/**
 * An exclusion removes the attempt when its event comes after step `after` was fulfilled and before step `before` is,
 * within the window. Events that fulfil a step of the attempt are no exclusions; with a property held constant only
 * events with the same value, or without any, are.
 */
function isExcluded(track: Track, attempt: Attempt): boolean {
  return track.rules.exclusions.some((exclusion, i) => {
    const from = attempt[exclusion.after];
    const until = attempt[exclusion.before] ?? Infinity;
    return from !== undefined && excludes(track, attempt, { positions: track.excluded[i] ?? [], from, until });
  });
}

function excludes(
  track: Track,
  attempt: Attempt,
  between: { readonly positions: readonly number[]; readonly from: number; readonly until: number },
): boolean {
  const { positions, from, until } = between;
  for (let n = after(positions, from); n < positions.length; n++) {
    const position = positions[n];
    if (position === undefined || position >= until || !within(track, attempt[0], position)) return false;
    if (!attempt.includes(position) && concerns(track, attempt, position)) return true;
  }
  return false;
}

/** With a property held constant: the same value as the attempt's, or none. */
function concerns(track: Track, attempt: Attempt, position: number): boolean {
  const held = track.events[position]?.held ?? null;
  return !track.rules.hold || held === null || held === track.events[attempt[0]]?.held;
}
