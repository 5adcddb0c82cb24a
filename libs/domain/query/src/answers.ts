import type { SessionState, StoredEvent } from '@productgraph/contracts';
import type {
  CatalogueQuestion,
  EventsQuestion,
  FunnelQuestion,
  FunnelUsersQuestion,
  RetentionQuestion,
  SessionMetricsQuestion,
  SessionsQuestion,
  TrendQuestion,
  UsersQuestion,
} from './questions.ts';

/** What every answer says about itself. */
export interface AnswerMeta {
  /** Answers about times before this are final (Unix ms); null = nothing is settled yet. */
  readonly settledUpTo: number | null;
  readonly sampled: false;
  readonly tookMs: number;
  readonly cached: boolean;
}

/** One line of a trend: `values[i]` belongs to `buckets[i]`. */
export interface TrendLine {
  readonly label: string;
  /** One value per breakdown; null = the field is not set; empty without breakdowns. */
  readonly breakdown: readonly (string | null)[];
  /** True for the line that sums the values beyond the limit. */
  readonly other: boolean;
  readonly values: readonly (number | null)[];
  /** Over the whole range (unique users counted once), not the sum of `values`. */
  readonly total: number | null;
}

export interface TrendAnswer extends AnswerMeta {
  /** Start of each bucket, Unix ms. */
  readonly buckets: readonly number[];
  readonly lines: readonly TrendLine[];
  readonly previous: { readonly buckets: readonly number[]; readonly lines: readonly TrendLine[] } | null;
}

export interface FunnelStepAnswer {
  readonly name: string;
  readonly count: number;
  /** Of the first step, 0 to 1; null when nobody entered. */
  readonly conversion: number | null;
  readonly conversionFromPrevious: number | null;
  readonly dropped: number;
  /** From the previous step, milliseconds; null for the first step or when nobody reached it. */
  readonly medianTimeMs: number | null;
  readonly averageTimeMs: number | null;
}

export interface FunnelGroup {
  /** Value of the breakdown; null = not set; undefined without breakdown. */
  readonly breakdown?: string | null;
  readonly other: boolean;
  readonly steps: readonly FunnelStepAnswer[];
  /** Time from first to last step of those who converted. Upper bounds in ms, the last is open (null). */
  readonly histogram: readonly { readonly upToMs: number | null; readonly count: number }[];
}

export interface FunnelAnswer extends AnswerMeta {
  readonly groups: readonly FunnelGroup[];
  readonly trend: readonly { readonly bucket: number; readonly entered: number; readonly converted: number }[];
}

export interface FunnelUsersAnswer extends AnswerMeta {
  readonly users: readonly { readonly userKey: string; readonly enteredAt: number }[];
}

export interface RetentionAnswer extends AnswerMeta {
  readonly cohorts: readonly {
    readonly start: number;
    readonly size: number;
    /** `returned[i]` = users back in period i (0 = the cohort's own); null = the period has not begun before `to`. */
    readonly returned: readonly (number | null)[];
  }[];
}

export interface PageInfo {
  readonly hasNextPage: boolean;
  readonly endCursor: string | null;
}

export interface EventsAnswer extends AnswerMeta {
  readonly items: readonly { readonly cursor: string; readonly event: StoredEvent }[];
  readonly pageInfo: PageInfo;
}

export interface UserSummary {
  readonly userKey: string;
  readonly userId: string | null;
  readonly anonymousId: string | null;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly events: number;
  readonly sessions: number;
}

export interface UsersAnswer extends AnswerMeta {
  readonly items: readonly { readonly cursor: string; readonly user: UserSummary }[];
  readonly pageInfo: PageInfo;
}

/** A session with its parts merged (decisions: one id may have parts under several user keys). */
export interface SessionSummary {
  readonly sessionId: string;
  readonly userKeys: readonly string[];
  readonly state: Exclude<SessionState, 'merged'>;
  readonly start: number;
  readonly end: number;
  readonly durationMs: number;
  readonly events: number;
  readonly pageViews: number;
  readonly errors: number;
  /** At most one page view and, without page views, at most one event. */
  readonly isBounce: boolean;
  readonly entryPath: string | null;
  readonly exitPath: string | null;
  readonly referrer: string | null;
  readonly utmSource: string | null;
  readonly utmMedium: string | null;
  readonly utmCampaign: string | null;
  readonly userAgent: string | null;
  readonly isBot: boolean;
}

export interface SessionsAnswer extends AnswerMeta {
  readonly items: readonly { readonly cursor: string; readonly session: SessionSummary }[];
  readonly pageInfo: PageInfo;
}

export interface SessionMetrics {
  readonly sessions: number;
  readonly users: number;
  readonly bounceRate: number | null;
  readonly averageDurationMs: number | null;
  readonly medianDurationMs: number | null;
  readonly pagesPerSession: number | null;
  readonly eventsPerSession: number | null;
}

export interface SessionMetricsAnswer extends AnswerMeta {
  readonly total: SessionMetrics;
  readonly buckets: readonly { readonly start: number; readonly metrics: SessionMetrics }[];
  readonly groups: readonly {
    readonly breakdown: string | null;
    readonly other: boolean;
    readonly metrics: SessionMetrics;
  }[];
  /** Distribution of durations: upper bounds in ms, the last is open (null). */
  readonly durations: readonly { readonly upToMs: number | null; readonly count: number }[];
}

export interface CatalogueAnswer extends AnswerMeta {
  readonly items: readonly { readonly value: string; readonly count: number; readonly lastSeen: number }[];
}

/** Which answer belongs to which question. */
export type AnswerTo<Q> = Q extends TrendQuestion
  ? TrendAnswer
  : Q extends FunnelQuestion
    ? FunnelAnswer
    : Q extends FunnelUsersQuestion
      ? FunnelUsersAnswer
      : Q extends RetentionQuestion
        ? RetentionAnswer
        : Q extends EventsQuestion
          ? EventsAnswer
          : Q extends UsersQuestion
            ? UsersAnswer
            : Q extends SessionsQuestion
              ? SessionsAnswer
              : Q extends SessionMetricsQuestion
                ? SessionMetricsAnswer
                : Q extends CatalogueQuestion
                  ? CatalogueAnswer
                  : never;
