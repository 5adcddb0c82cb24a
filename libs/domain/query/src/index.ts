export {
  OPERATORS,
  type Breakdown,
  type CatalogueQuestion,
  type Condition,
  type EventSelector,
  type EventsQuestion,
  type FieldName,
  type Filter,
  type FunnelExclusion,
  type FunnelQuestion,
  type FunnelStep,
  type FunnelUsersQuestion,
  type Interval,
  type Measure,
  type Operator,
  type Page,
  type Question,
  type RetentionQuestion,
  type Scalar,
  type Scope,
  type SessionMetricsQuestion,
  type SessionsQuestion,
  type TrendQuestion,
  type TrendSeries,
  type UsersQuestion,
} from './questions.ts';
export type {
  AnswerMeta,
  AnswerTo,
  CatalogueAnswer,
  EventsAnswer,
  FunnelAnswer,
  FunnelGroup,
  FunnelStepAnswer,
  FunnelUsersAnswer,
  PageInfo,
  RetentionAnswer,
  SessionMetrics,
  SessionMetricsAnswer,
  SessionsAnswer,
  SessionSummary,
  TrendAnswer,
  TrendLine,
  UsersAnswer,
  UserSummary,
} from './answers.ts';
export type { QueryBudget, QueryEngine, QueryOptions } from './ports.ts';
export { InvalidQuestion, QueryTooExpensive } from './errors.ts';
export { validateQuestion } from './validate.ts';
export { QUESTION_DEFAULTS, resolveQuestion, type Asked } from './defaults.ts';
export { parseRange, type TimeRange } from './ranges.ts';
export { bucketIndex, bucketStarts, isTimeZone, previousRange } from './buckets.ts';
export { FIELDS, type Field, type FieldSource, type FieldType, type SessionProperty } from './fields.ts';
export { comparisonOf, compares, textValue, type Comparison, type FieldValue } from './comparison.ts';
export { portableRegex } from './regex.ts';
export { jsonAt, jsonKeys, jsonText, type JsonPlace } from './json-path.ts';
export { compareNullable, containsText, lowerAscii } from './text.ts';
export { CURSOR_SHAPES, decodeCursor, encodeCursor, type CursorKey } from './cursor.ts';
export { average, histogram, quantile, ratio, SESSION_DURATION_BOUNDS } from './statistics.ts';
export { mergeSessions, SHARED_SESSION_USERS, type MergedSession } from './sessions.ts';
export { emptyValue, trendLines, type SeriesLines } from './trend-lines.ts';
export { trendAnswer, type TrendKey, type TrendPlan, type TrendRow } from './trend-answer.ts';
export { retentionCohorts } from './retention-cohorts.ts';
export { retentionAnswer, type RetentionRow } from './retention-answer.ts';
export { sessionMetricsAnswer, type SessionMetricsRow } from './session-metrics.ts';
export { funnelAnswer, funnelUsersAnswer, type FunnelActors } from './funnel-answer.ts';
export { fieldNamed, readsEvents } from './filter-fields.ts';
export { newestFirst, pageOf } from './pages.ts';
export { spelledValue } from './spelling.ts';
export { funnelFold, funnelUsersFold, type FunnelActor, type FunnelFold } from './funnel-fold.ts';
export type { FunnelEvent } from './funnel-attempts.ts';
export { assertRows, outOfTime, type Findings } from './budget.ts';
export { createQueryEngine, findWith, type AskedQuestion, type Finders } from './engine.ts';
