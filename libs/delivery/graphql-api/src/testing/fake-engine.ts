import type { StoredEvent } from '@productgraph/contracts';
import type { AnswerTo, Question, QueryEngine, QueryOptions, SessionSummary } from '@productgraph/domain-query';

/** A query engine that keeps what it is asked and answers the same for every question of a kind. */
export interface FakeEngine extends QueryEngine {
  readonly asked: { readonly question: Question; readonly options: QueryOptions }[];
  /** Instead of the usual answer, until it is unset. */
  behave(instead: ((options: QueryOptions) => Promise<never>) | null): void;
}

const META = { settledUpTo: Date.UTC(2026, 0, 1), sampled: false, tookMs: 1.5, cached: false } as const;
const PAGE = { hasNextPage: true, endCursor: 'c1' };
const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 2);

/** With numbers and text that JavaScript would change when read and written. */
export const EVENT: StoredEvent = {
  projectId: '0190a000-0000-7000-8000-000000000001',
  eventId: 'e-1',
  type: 'custom',
  name: 'order placed',
  timestamp: START,
  originalTimestamp: START - 1,
  sentAt: null,
  receivedAt: START + 5,
  sequence: 7,
  sessionId: 's1',
  userId: '42',
  anonymousId: null,
  userKey: 'u:42',
  pagePath: '/a',
  pageTitle: 'A',
  pageUrl: 'https://shop.example/a',
  pageReferrer: null,
  uiComponentName: null,
  uiComponentPath: null,
  uiComponentType: null,
  uiAction: null,
  uiElement: null,
  uiElementText: null,
  uiStateKey: 'cart',
  uiStateBefore: '{"n":1.10}',
  uiStateAfter: null,
  journeyId: null,
  stepId: null,
  stepName: null,
  apiMethod: 'GET',
  apiRoute: '/api',
  apiStatus: 200,
  apiDurationMs: 1.25,
  errorType: null,
  errorMessage: null,
  errorStack: null,
  durationMs: null,
  userAgent: 'Mozilla',
  utmSource: null,
  utmMedium: null,
  utmCampaign: null,
  properties: '{"id":12345678901234567890,"price":1.10,"tags":["a",null,-0],"__proto__":{"x":1}}',
  context: '{}',
  groups: '{"company":"acme"}',
  flags: 1 | 8,
  lane: 0,
};

const SESSION: SessionSummary = {
  sessionId: 's1',
  userKeys: ['a:1', 'u:42'],
  state: 'settled',
  start: START,
  end: START + 60_000,
  durationMs: 60_000,
  events: 3,
  pageViews: 2,
  errors: 0,
  isBounce: false,
  entryPath: '/a',
  exitPath: '/b',
  referrer: null,
  utmSource: null,
  utmMedium: null,
  utmCampaign: null,
  userAgent: 'Mozilla',
  isBot: false,
};

const USER = {
  userKey: 'u:42',
  userId: '42',
  anonymousId: '1',
  firstSeen: START - DAY,
  lastSeen: START,
  events: 5_000_000_000,
  sessions: 2,
};

const METRICS = {
  sessions: 2,
  users: 1,
  bounceRate: 0.5,
  averageDurationMs: 30_000,
  medianDurationMs: 30_000,
  pagesPerSession: 1.5,
  eventsPerSession: 2.5,
};

const LINE = { label: 'A', breakdown: ['de', null], other: false, values: [1, null], total: 1 };

const ANSWERS: { readonly [K in Question['kind']]: AnswerTo<Extract<Question, { kind: K }>> } = {
  trend: {
    ...META,
    buckets: [START, START + DAY],
    lines: [LINE, { ...LINE, breakdown: [], other: true }],
    previous: { buckets: [START - 2 * DAY, START - DAY], lines: [LINE] },
  },
  funnel: {
    ...META,
    groups: [
      {
        breakdown: 'de',
        other: false,
        steps: [step('a', 10), step('b', 4)],
        histogram: [
          { upToMs: 60_000, count: 3 },
          { upToMs: null, count: 1 },
        ],
      },
      { other: true, steps: [step('a', 1)], histogram: [] },
    ],
    trend: [
      { bucket: START, entered: 10, converted: 4 },
      { bucket: START + DAY, entered: 1, converted: 0 },
    ],
  },
  funnelUsers: { ...META, users: [{ userKey: 'u:42', enteredAt: START }] },
  retention: { ...META, cohorts: [{ start: START, size: 3, returned: [3, 1, null] }] },
  events: { ...META, items: [{ cursor: 'c1', event: EVENT }], pageInfo: PAGE },
  users: { ...META, items: [{ cursor: 'c1', user: USER }], pageInfo: PAGE },
  sessions: { ...META, items: [{ cursor: 'c1', session: SESSION }], pageInfo: PAGE },
  sessionMetrics: {
    ...META,
    total: METRICS,
    buckets: [
      { start: START, metrics: METRICS },
      { start: START + DAY, metrics: { ...METRICS, sessions: 0, bounceRate: null } },
    ],
    groups: [{ breakdown: null, other: false, metrics: METRICS }],
    durations: [{ upToMs: null, count: 2 }],
  },
  catalogue: { ...META, items: [{ value: 'order placed', count: 9, lastSeen: START }] },
};

function step(name: string, count: number) {
  return {
    name,
    count,
    conversion: count / 10,
    conversionFromPrevious: null,
    dropped: 10 - count,
    medianTimeMs: null,
    averageTimeMs: 1.5,
  };
}

export function fakeEngine(): FakeEngine {
  const asked: FakeEngine['asked'] = [];
  let instead: ((options: QueryOptions) => Promise<never>) | null = null;
  return {
    asked,
    behave: (other) => (instead = other),
    async run<Q extends Question>(question: Q, options: QueryOptions): Promise<AnswerTo<Q>> {
      asked.push({ question, options });
      if (instead !== null) return instead(options);
      return ANSWERS[question.kind] as unknown as AnswerTo<Q>;
    },
  };
}
