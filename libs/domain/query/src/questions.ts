/*
 * Questions as values: what is asked, with every default resolved, and nothing about how a store answers it.
 * Times are Unix milliseconds, ranges half-open [from, to). All buckets are cut in `timeZone`, DST included; weeks start on Monday.
 */

/** Comparison of one field. `in`/`notIn` take lists, `between` takes [low, high] inclusive, `set`/`notSet` take nothing. */
export const OPERATORS = [
  'eq', 'neq', 'in', 'notIn', 'contains', 'notContains', 'regex', 'notRegex', 'lt', 'lte', 'gt', 'gte', 'between', 'set', 'notSet',
] as const; // prettier-ignore
export type Operator = (typeof OPERATORS)[number];

export type Scalar = string | number | boolean;

/**
 * Name of a field as users write it: a wire name (`event.type`, `page.path`, `api.status`, `user.id`, …),
 * `properties.<path>`, `context.<path>`, `groups.<type>`, or `session.<column>` (`session.entry_path`, `session.duration_ms`, …).
 */
export type FieldName = string;

export interface Condition {
  readonly kind: 'condition';
  readonly field: FieldName;
  readonly operator: Operator;
  readonly values: readonly Scalar[];
}

export type Filter =
  | Condition
  | { readonly kind: 'and'; readonly filters: readonly Filter[] }
  | { readonly kind: 'or'; readonly filters: readonly Filter[] }
  | { readonly kind: 'not'; readonly filter: Filter };

/** Which events: `type` and `name` null mean any. */
export interface EventSelector {
  readonly type: string | null;
  readonly name: string | null;
  readonly filter: Filter | null;
}

/** What every question carries. */
export interface Scope {
  readonly projectId: string;
  readonly from: number;
  readonly to: number;
  /** IANA name. */
  readonly timeZone: string;
  readonly filter: Filter | null;
  readonly includeBots: boolean;
}

export type Interval = 'minute' | 'hour' | 'day' | 'week' | 'month';

/** A breakdown by a field's value; values beyond `limit` are summed as `other`. */
export interface Breakdown {
  readonly field: FieldName;
}

export type Measure =
  | { readonly kind: 'total' }
  | { readonly kind: 'uniqueUsers' }
  | { readonly kind: 'sessions' }
  | { readonly kind: 'perUser' }
  | { readonly kind: 'sum' | 'avg' | 'min' | 'max'; readonly field: FieldName }
  /** `percentile` between 0 and 100 exclusive, linear interpolation. */
  | { readonly kind: 'percentile'; readonly field: FieldName; readonly percentile: number };

export interface TrendSeries {
  /** Letter used in formulas: A, B, … */
  readonly label: string;
  readonly event: EventSelector;
  readonly measure: Measure;
}

export interface TrendQuestion extends Scope {
  readonly kind: 'trend';
  readonly series: readonly TrendSeries[];
  readonly interval: Interval;
  /** At most 3. */
  readonly breakdowns: readonly Breakdown[];
  /** Greatest number of breakdown values kept per series (by total); the rest becomes `other`. 1 to 1,000. */
  readonly breakdownLimit: number;
  /** Arithmetic over series labels, e.g. `A / B * 100`; null = none. Division by zero gives null. */
  readonly formula: string | null;
  /** Also answer the range of equal length just before. */
  readonly comparePrevious: boolean;
  readonly cumulative: boolean;
}

export interface FunnelStep {
  readonly name: string;
  readonly event: EventSelector;
}

/** Removes an attempt when such an event lies between the steps `after` and `before` (indices from 0). */
export interface FunnelExclusion {
  readonly event: EventSelector;
  readonly after: number;
  readonly before: number;
}

export interface FunnelQuestion extends Scope {
  readonly kind: 'funnel';
  /** 2 to 20. */
  readonly steps: readonly FunnelStep[];
  /** ordered: others may lie between; strict: no other event of the user between; any: steps in any order. */
  readonly order: 'ordered' | 'strict' | 'any';
  /** Milliseconds from the first step, inclusive. */
  readonly windowMs: number;
  readonly exclusions: readonly FunnelExclusion[];
  /** All steps of an attempt must have the same value here; null = not asked. */
  readonly holdConstant: FieldName | null;
  readonly per: 'user' | 'session';
  readonly breakdown: Breakdown | null;
  /** Which step's value names the breakdown: the first, the last one reached, or a given step. */
  readonly attribution: 'first' | 'last' | { readonly step: number };
  readonly breakdownLimit: number;
  /** Conversion of attempts by the bucket of their first step; null = none. */
  readonly trendInterval: Interval | null;
}

/** Users behind a funnel bar: reached step `step` (converted) or reached `step - 1` and not `step` (dropped). */
export interface FunnelUsersQuestion {
  readonly kind: 'funnelUsers';
  readonly funnel: FunnelQuestion;
  readonly step: number;
  readonly outcome: 'converted' | 'dropped';
  readonly limit: number;
}

export interface RetentionQuestion extends Scope {
  readonly kind: 'retention';
  readonly start: EventSelector;
  readonly return: EventSelector;
  /** firstTime: cohort = bucket of the user's first ever such event (stored, not only in range); recurring: every bucket with one. */
  readonly cohort: 'firstTime' | 'recurring';
  readonly interval: 'hour' | 'day' | 'week' | 'month';
  /** Periods after the cohort's own, 1 to 90. */
  readonly periods: number;
  /** on: came back in that period; onOrAfter: in that period or any later one of the answer. */
  readonly mode: 'on' | 'onOrAfter';
  /** The return event must occur at least so often in the period. ≥ 1. */
  readonly minimumCount: number;
}

export interface Page {
  /** Items, 1 to 1,000. */
  readonly first: number;
  /** Opaque cursor of the item to go on after; null = from the start. */
  readonly after: string | null;
}

/** Events newest first, with cursor. */
export interface EventsQuestion extends Scope {
  readonly kind: 'events';
  readonly event: EventSelector;
  readonly userKey: string | null;
  readonly page: Page;
}

/** Users by last seen, newest first. */
export interface UsersQuestion extends Scope {
  readonly kind: 'users';
  /** Substring of the user or anonymous id; null = all. */
  readonly search: string | null;
  readonly page: Page;
}

/** Sessions by start, newest first. A session is in range when its start is. */
export interface SessionsQuestion extends Scope {
  readonly kind: 'sessions';
  readonly userKey: string | null;
  readonly page: Page;
}

/** Sums and distribution over the sessions in range. */
export interface SessionMetricsQuestion extends Scope {
  readonly kind: 'sessionMetrics';
  readonly interval: Interval;
  readonly breakdown: Breakdown | null;
  readonly breakdownLimit: number;
}

/** Names of events, properties, or values of one field, most frequent first: for pickers. */
export interface CatalogueQuestion extends Scope {
  readonly kind: 'catalogue';
  readonly of: 'eventNames' | 'properties' | 'values';
  /** For `values`. */
  readonly field: FieldName | null;
  readonly search: string | null;
  readonly limit: number;
}

export type Question =
  | TrendQuestion
  | FunnelQuestion
  | FunnelUsersQuestion
  | RetentionQuestion
  | EventsQuestion
  | UsersQuestion
  | SessionsQuestion
  | SessionMetricsQuestion
  | CatalogueQuestion;
