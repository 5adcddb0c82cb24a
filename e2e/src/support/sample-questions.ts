/*
 * Every question of the product, asked of the sample log; the answers hold nothing that differs between two places that have the
 * same events (ids of sessions hold the project's, `settledUpTo` and `tookMs` the moment).
 */

const RANGE = '2015-05-17T00:00:00Z/2015-05-22T00:00:00Z';
const COMMON = `range: "${RANGE}", includeBots: true`;
const VIEW = 'type: "page.view"';
const page = (path: string): string => `{ ${VIEW}, filter: { field: "page.path", value: "${path}" } }`;
const steps = (...paths: readonly string[]): string =>
  `steps: [${paths.map((path) => `{ name: "${path}", event: ${page(path)} }`).join(' ')}]`;
const XDOTOOL = steps('/', '/projects/xdotool/', '/projects/xdotool/xdotool.xhtml');

const TREND = 'buckets lines { label breakdown other values total } previous { buckets lines { label values total } }';
const FUNNEL = `groups { breakdown other steps { name count conversion conversionFromPrevious dropped medianTimeMs averageTimeMs }
  histogram { upToMs count } } trend { buckets entered converted }`;
const METRICS = 'sessions users bounceRate averageDurationMs medianDurationMs pagesPerSession eventsPerSession';
const SESSIONS = `total { ${METRICS} } series { buckets ${METRICS} } groups { breakdown other metrics { ${METRICS} } } durations { upToMs count }`;
const EVENT = `eventId type name timestamp sequence userKey anonymousId pagePath pageReferrer apiMethod apiRoute apiStatus userAgent
  propertiesText flags`;
const SESSION = `userKeys start end durationMs events pageViews errors isBounce entryPath exitPath referrer userAgent isBot`;

const trend = (input: string): string => `{ trend(input: { ${COMMON}, ${input} }) { ${TREND} } }`;
const funnel = (input: string): string => `{ funnel(input: { ${COMMON}, ${input} }) { ${FUNNEL} } }`;
const retention = (input: string): string =>
  `{ retention(input: { ${COMMON}, ${input} }) { cohorts { start size returned } } }`;
const sessionMetrics = (input: string): string => `{ sessionMetrics(input: { ${COMMON}, ${input} }) { ${SESSIONS} } }`;
const catalogue = (input: string): string =>
  `{ catalogue(input: { ${COMMON}, ${input} }) { items { value count lastSeen } } }`;

/** GraphQL operations by what they ask. */
export const SAMPLE_QUESTIONS: Readonly<Record<string, string>> = {
  'trend: events, users, sessions, events per user': trend(
    'series: [{ label: "A" }, { label: "B", measure: uniqueUsers }, { label: "C", measure: sessions }, { label: "D", measure: perUser }]',
  ),
  'trend: by hour in New York, cumulative': trend(
    `timeZone: "America/New_York", interval: hour, cumulative: true, series: [{ event: { ${VIEW} } }]`,
  ),
  'trend: weeks in Kolkata, compared': trend('timeZone: "Asia/Kolkata", interval: week, comparePrevious: true'),
  'trend: sums, averages, percentiles of bytes': trend(
    `series: [{ measure: sum, field: "properties.bytes" }, { measure: avg, field: "properties.bytes" },
      { measure: min, field: "properties.bytes" }, { measure: max, field: "properties.bytes" },
      { measure: percentile, percentile: 95, field: "properties.bytes" }]`,
  ),
  'trend: by status and method, ten values': trend('breakdowns: ["api.status", "api.method"], breakdownLimit: 10'),
  'trend: a formula over two series': trend(
    `formula: "B / A * 100", series: [{ label: "A" }, { label: "B", event: { ${VIEW} } }]`,
  ),
  'trend: filters with and, or, not, regular expression': trend(
    `filter: { and: [{ or: [{ field: "page.path", operator: contains, value: "blog" }, { field: "api.status", operator: gte, value: 400 }] },
      { not: { field: "page.path", operator: regex, value: "\\\\\\\\.css$" } }] }`,
  ),
  'trend: without bots': `{ trend(input: { range: "${RANGE}" }) { ${TREND} } }`,
  'trend: by a field of the session': trend('breakdowns: ["session.entry_path"], breakdownLimit: 5'),
  'funnel: ordered': funnel(`window: { days: 1 }, ${XDOTOOL}`),
  'funnel: strict': funnel(`window: { days: 1 }, order: strict, ${XDOTOOL}`),
  'funnel: any order': funnel(`window: { days: 1 }, order: any, ${XDOTOOL}`),
  'funnel: per session, with an exclusion': funnel(
    `per: session, exclusions: [{ event: ${page('/favicon.ico')}, after: 0, before: 1 }], ${XDOTOOL}`,
  ),
  'funnel: by referrer, the last step names it, over time': funnel(
    `breakdown: "page.referrer", attribution: last, breakdownLimit: 5, trendInterval: day, ${steps('/', '/projects/xdotool/')}`,
  ),
  'funnel: who dropped': `{ funnelUsers(funnel: { ${COMMON}, ${XDOTOOL} }, step: 1, outcome: dropped, first: 200) { users { userKey enteredAt } } }`,
  'retention: first time, daily': retention(`interval: day, periods: 4, start: { ${VIEW} }, return: { ${VIEW} }`),
  'retention: recurring, hourly, on or after, in Berlin': retention(
    'timeZone: "Europe/Berlin", interval: hour, periods: 12, cohort: recurring, mode: onOrAfter',
  ),
  'retention: at least three times': retention('periods: 4, minimumCount: 3'),
  'sessions: metrics by day and entry page': sessionMetrics('breakdown: "session.entry_path", breakdownLimit: 8'),
  'sessions: metrics by hour in Tokyo': sessionMetrics('timeZone: "Asia/Tokyo", interval: hour'),
  'sessions: of an hour': `{ sessions(input: { range: "2015-05-19T10:00:00Z/2015-05-19T11:00:00Z", includeBots: true }, first: 1000) {
    edges { node { ${SESSION} } } } }`,
  'events: the newest': `{ events(input: { ${COMMON} }, first: 200) { edges { node { ${EVENT} } } } }`,
  'events: of a path': `{ events(input: { ${COMMON}, event: ${page('/projects/xdotool/')} }, first: 100) { edges { node { ${EVENT} } } } }`,
  'users: the last seen': `{ users(input: { ${COMMON} }, first: 200) { edges { node { userKey firstSeen lastSeen events sessions } } } }`,
  'catalogue: event types': catalogue('of: eventNames'),
  'catalogue: properties': catalogue('of: properties'),
  'catalogue: values of a field': catalogue('of: values, field: "page.path"'),
};

/** An answer with sessions in an order that does not depend on their ids: those that begin in the same second have no other. */
export function comparable(answer: unknown): unknown {
  const { sessions } = answer as { sessions?: { edges: unknown[] } };
  return sessions === undefined ? answer : sessions.edges.map((edge) => JSON.stringify(edge)).sort();
}
