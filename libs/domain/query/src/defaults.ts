import type { Question } from './questions.ts';

const DAY = 86_400_000;

const scope = { timeZone: 'UTC', filter: null, includeBots: false } as const;
const page = { first: 50, after: null } as const;
const anyEvent = { type: null, name: null, filter: null } as const;

/** What a question means where the asker said nothing. Project and range have no default. */
export const QUESTION_DEFAULTS = {
  trend: {
    ...scope,
    interval: 'day',
    breakdowns: [],
    breakdownLimit: 25,
    formula: null,
    comparePrevious: false,
    cumulative: false,
  },
  funnel: {
    ...scope,
    order: 'ordered',
    windowMs: 14 * DAY,
    exclusions: [],
    holdConstant: null,
    per: 'user',
    breakdown: null,
    attribution: 'first',
    breakdownLimit: 25,
    trendInterval: null,
  },
  funnelUsers: { outcome: 'converted', limit: 100 },
  retention: {
    ...scope,
    start: anyEvent,
    return: anyEvent,
    cohort: 'firstTime',
    interval: 'day',
    periods: 11,
    mode: 'on',
    minimumCount: 1,
  },
  events: { ...scope, event: anyEvent, userKey: null, page },
  users: { ...scope, search: null, page },
  sessions: { ...scope, userKey: null, page },
  sessionMetrics: { ...scope, interval: 'day', breakdown: null, breakdownLimit: 25 },
  catalogue: { ...scope, of: 'eventNames', field: null, search: null, limit: 100 },
} as const;

type Kind = Question['kind'];
type QuestionOf<K extends Kind> = Extract<Question, { kind: K }>;
type Defaulted<K extends Kind> = keyof (typeof QUESTION_DEFAULTS)[K] & keyof QuestionOf<K>;

/** A question with everything left out that has a default; null and undefined count as left out. */
export type Asked<K extends Kind> = Omit<QuestionOf<K>, Defaulted<K> | 'kind'> & {
  readonly [F in Defaulted<K>]?: QuestionOf<K>[F] | null | undefined;
};

/** The question with every default filled in. */
export function resolveQuestion<K extends Kind>(kind: K, asked: Asked<K>): QuestionOf<K> {
  const given = Object.entries(asked).filter(([, value]) => value !== null && value !== undefined);
  return { ...QUESTION_DEFAULTS[kind], ...Object.fromEntries(given), kind } as unknown as QuestionOf<K>;
}
