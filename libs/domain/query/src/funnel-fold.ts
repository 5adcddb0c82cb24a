import { compareText } from '@productgraph/contracts';
import type { FunnelAnswer, FunnelGroup, FunnelStepAnswer, FunnelUsersAnswer } from './answers.ts';
import { bucketIndex, bucketStarts } from './buckets.ts';
import {
  type Attempt,
  attemptAt,
  type FunnelEvent,
  funnelRules,
  startsOf,
  type Track,
  trackOf,
} from './funnel-attempts.ts';
import type { FunnelQuestion, FunnelUsersQuestion } from './questions.ts';
import { average, conversionBounds, histogram, quantile, ratio } from './statistics.ts';
import { compareNullable } from './text.ts';

/** One actor of a funnel: a user, or a session of a user. */
export interface FunnelActor {
  readonly userKey: string;
  readonly events: readonly FunnelEvent[];
}

/** Folds actors, one after the other and in any order, into the answer. Memory grows with actors that entered only. */
export interface FunnelFold {
  add(actor: FunnelActor): void;
  answer(): Pick<FunnelAnswer, 'groups' | 'trend'>;
}

/** Per value of the breakdown: how many reached each step, and the times between, ms. */
interface Tally {
  readonly value: string | null;
  readonly reached: number[];
  readonly times: number[][];
  readonly total: number[];
}

function newTally(value: string | null, steps: number): Tally {
  return {
    value,
    reached: new Array<number>(steps).fill(0),
    times: Array.from({ length: steps }, () => []),
    total: [],
  };
}

/** A user's best attempt: most steps, of these the earliest. */
function bestOf(track: Track, steps: number): Attempt | null {
  let best: Attempt | null = null;
  for (const start of startsOf(track)) {
    const attempt = attemptAt(track, start);
    if (attempt !== null && attempt.length > (best?.length ?? 0)) best = attempt;
    if (best?.length === steps) break;
  }
  return best;
}

export function funnelFold(question: FunnelQuestion): FunnelFold {
  const rules = funnelRules(question);
  const tallies = new Map<string | null, Tally>();
  const trend = trendFold(question);
  return {
    add: ({ events }) => {
      const track = trackOf(events, rules);
      const best = bestOf(track, rules.steps);
      if (best === null) return;
      const value = attributed(question, events, best);
      const tally = tallies.get(value) ?? newTally(value, rules.steps);
      tallies.set(value, tally);
      count(tally, events, best);
      trend.add(track);
    },
    answer: () => ({ groups: groupsOf(question, [...tallies.values()]), trend: trend.answer() }),
  };
}

function attributed(question: FunnelQuestion, events: readonly FunnelEvent[], attempt: Attempt): string | null {
  if (question.breakdown === null) return null;
  const { attribution } = question;
  const step = attribution === 'first' ? 0 : attribution === 'last' ? attempt.length - 1 : attribution.step;
  const position = attempt[step];
  return position === undefined ? null : (events[position]?.value ?? null);
}

function count(tally: Tally, events: readonly FunnelEvent[], attempt: Attempt): void {
  const times = attempt.map((position) => events[position]?.at ?? 0);
  times.forEach((at, step) => {
    tally.reached[step] = (tally.reached[step] ?? 0) + 1;
    if (step > 0) tally.times[step]?.push(at - (times[step - 1] ?? at));
  });
  if (times.length === tally.reached.length) tally.total.push((times.at(-1) ?? 0) - (times[0] ?? 0));
}

function groupsOf(question: FunnelQuestion, tallies: readonly Tally[]): FunnelGroup[] {
  const { steps, breakdown, breakdownLimit } = question;
  if (breakdown === null) return [groupOf(question, tallies[0] ?? newTally(null, steps.length), false)];
  const sorted = tallies.toSorted(
    (a, b) => (b.reached[0] ?? 0) - (a.reached[0] ?? 0) || compareNullable(a.value, b.value),
  );
  const rest = sorted.slice(breakdownLimit);
  const kept = sorted.slice(0, breakdownLimit).map((tally) => groupOf(question, tally, false));
  return rest.length === 0 ? kept : [...kept, groupOf(question, sumOf(rest, steps.length), true)];
}

function sumOf(tallies: readonly Tally[], steps: number): Tally {
  const sum = newTally(null, steps);
  for (const tally of tallies) {
    for (let i = 0; i < steps; i++) {
      sum.reached[i] = (sum.reached[i] ?? 0) + (tally.reached[i] ?? 0);
      for (const time of tally.times[i] ?? []) sum.times[i]?.push(time);
    }
    for (const time of tally.total) sum.total.push(time);
  }
  return sum;
}

function groupOf(question: FunnelQuestion, tally: Tally, other: boolean): FunnelGroup {
  return {
    ...(question.breakdown === null ? {} : { breakdown: tally.value }),
    other,
    steps: question.steps.map(({ name }, i) => stepOf(name, tally, i)),
    histogram: histogram(tally.total, conversionBounds(question.windowMs)),
  };
}

function stepOf(name: string, { reached, times }: Tally, step: number): FunnelStepAnswer {
  const [entered, own] = [reached[0] ?? 0, reached[step] ?? 0];
  const previous = step === 0 ? own : (reached[step - 1] ?? 0);
  const sorted = (times[step] ?? []).toSorted((a, b) => a - b);
  return {
    name,
    count: own,
    conversion: ratio(own, entered),
    conversionFromPrevious: ratio(own, previous),
    dropped: previous - own,
    medianTimeMs: quantile(sorted, 0.5),
    averageTimeMs: average(sorted),
  };
}

/** Per bucket of the first step: actors with an attempt that starts there, and those of them that convert from there. */
function trendFold(question: FunnelQuestion): { add(track: Track): void; answer(): FunnelAnswer['trend'] } {
  const { trendInterval: interval, from, to, timeZone } = question;
  const starts = interval === null ? [] : bucketStarts({ from, to, interval, timeZone });
  const buckets = starts.map((bucket) => ({ bucket, entered: 0, converted: 0 }));
  return {
    add: (track) => {
      if (interval === null) return;
      for (const [index, complete] of bucketsOf(track, starts)) {
        const bucket = buckets[index];
        if (bucket === undefined) continue;
        bucket.entered++;
        if (complete) bucket.converted++;
      }
    },
    answer: () => buckets,
  };
}

function bucketsOf(track: Track, starts: readonly number[]): Map<number, boolean> {
  const seen = new Map<number, boolean>();
  for (const start of startsOf(track)) {
    const index = bucketIndex(starts, track.events[start]?.at ?? 0);
    if (seen.get(index) === true) continue;
    const attempt = attemptAt(track, start);
    if (attempt !== null) seen.set(index, attempt.length === track.rules.steps);
  }
  return seen;
}

/** Folds actors into the list of users behind one bar, by time of entry; each user once, with the earliest. */
export function funnelUsersFold(question: FunnelUsersQuestion): {
  add(actor: FunnelActor): void;
  answer(): FunnelUsersAnswer['users'];
} {
  const rules = funnelRules(question.funnel);
  const users = new Map<string, number>();
  return {
    add: ({ userKey, events }) => {
      const best = bestOf(trackOf(events, rules), rules.steps);
      if (best === null || !isBehind(question, best.length)) return;
      const enteredAt = events[best[0]]?.at ?? 0;
      users.set(userKey, Math.min(enteredAt, users.get(userKey) ?? enteredAt));
    },
    answer: () =>
      [...users]
        .map(([userKey, enteredAt]) => ({ userKey, enteredAt }))
        .sort((a, b) => a.enteredAt - b.enteredAt || compareText(a.userKey, b.userKey))
        .slice(0, question.limit),
  };
}

function isBehind({ step, outcome }: FunnelUsersQuestion, reached: number): boolean {
  return outcome === 'converted' ? reached > step : reached === step;
}
