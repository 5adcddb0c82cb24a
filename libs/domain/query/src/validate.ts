import { isUuid } from '@productgraph/contracts';
import { bucketsAtMost, isTimeZone } from './buckets.ts';
import { CURSOR_SHAPES, decodeCursor } from './cursor.ts';
import { InvalidQuestion } from './errors.ts';
import { formulaLabels, parseFormula } from './formula.ts';
import { isSessionField } from './fields.ts';
import { QUESTION_LIMITS as LIMITS } from './limits.ts';
import type {
  CatalogueQuestion,
  FunnelQuestion,
  FunnelUsersQuestion,
  Interval,
  Page,
  Question,
  RetentionQuestion,
  Scope,
  SessionMetricsQuestion,
  TrendQuestion,
} from './questions.ts';
import { checkField, checkFilter, checkNumberField, checkSelector, checkText, type Report } from './validate-filter.ts';

/** Everything that is wrong with a question, each fault with the path to its field; empty when it can be asked. */
export function validateQuestion(question: Question): string[] {
  const faults: string[] = [];
  const report: Report = (path, fault) => faults.push(`${path}: ${fault}`);
  if (question.kind === 'funnelUsers') checkFunnelUsers(question, report);
  else {
    checkScope(question, '', report);
    checkKind(question, report);
  }
  return faults;
}

/** @throws InvalidQuestion listing all faults */
export function assertQuestion(question: Question): void {
  const faults = validateQuestion(question);
  if (faults.length > 0) throw new InvalidQuestion(faults);
}

type Listed = Exclude<Question, FunnelUsersQuestion>;
type Checks = { readonly [K in Listed['kind']]: (question: Extract<Listed, { kind: K }>, report: Report) => void };

const CHECKS: Checks = {
  trend: checkTrend,
  funnel: (question, report) => checkFunnel(question, '', report),
  retention: checkRetention,
  sessionMetrics: checkSessionMetrics,
  catalogue: checkCatalogue,
  events: (question, report) => {
    checkSelector(question.event, 'event', report);
    if (question.userKey !== null) checkText(question.userKey, 'userKey', report);
    checkPage(question.page, CURSOR_SHAPES.events, report);
  },
  users: (question, report) => {
    if (question.search !== null) checkText(question.search, 'search', report);
    checkPage(question.page, CURSOR_SHAPES.users, report);
  },
  sessions: (question, report) => {
    if (question.userKey !== null) checkText(question.userKey, 'userKey', report);
    checkPage(question.page, CURSOR_SHAPES.sessions, report);
  },
};

function checkKind(question: Listed, report: Report): void {
  (CHECKS[question.kind] as (question: Listed, report: Report) => void)(question, report);
}

interface Whole {
  readonly path: string;
  readonly low: number;
  readonly high: number;
}

function checkWhole(value: number, { path, low, high }: Whole, report: Report): void {
  if (!Number.isSafeInteger(value) || value < low || value > high)
    report(path, `must be a whole number from ${low} to ${high}`);
}

function checkScope(scope: Scope, prefix: string, report: Report): void {
  if (!isUuid(scope.projectId)) report(`${prefix}projectId`, 'is no UUID');
  const times = { low: LIMITS.earliest, high: LIMITS.latest };
  checkWhole(scope.from, { path: `${prefix}from`, ...times }, report);
  checkWhole(scope.to, { path: `${prefix}to`, ...times }, report);
  if (scope.from >= scope.to) report(`${prefix}to`, 'must be later than from');
  if (!isTimeZone(scope.timeZone)) report(`${prefix}timeZone`, `${scope.timeZone} is no IANA time zone`);
  checkFilter(scope.filter, `${prefix}filter`, report);
}

function checkInterval(scope: Scope, interval: Interval, at: { path: string; report: Report }): void {
  if (bucketsAtMost({ from: scope.from, to: scope.to, interval }) > LIMITS.buckets) {
    at.report(at.path, `cuts the range into more than ${LIMITS.buckets} buckets of one ${interval}`);
  }
}

function checkPage(page: Page, shape: readonly ('string' | 'number')[], report: Report): void {
  checkWhole(page.first, { path: 'page.first', low: 1, high: LIMITS.page }, report);
  if (page.after !== null && decodeCursor(page.after, shape) === null)
    report('page.after', 'is no cursor of this list');
}

function checkBreakdownLimit(limit: number, prefix: string, report: Report): void {
  checkWhole(limit, { path: `${prefix}breakdownLimit`, low: 1, high: LIMITS.breakdownLimit }, report);
}

function checkTrend(question: TrendQuestion, report: Report): void {
  const { series, breakdowns } = question;
  if (series.length < 1 || series.length > LIMITS.series) report('series', `needs 1 to ${LIMITS.series}`);
  series.forEach((one, i) => checkSeries(question, one, { path: `series[${i}]`, report }));
  const labels = series.map(({ label }) => label);
  if (new Set(labels).size < labels.length) report('series', 'two have the same label');
  checkInterval(question, question.interval, { path: 'interval', report });
  if (breakdowns.length > LIMITS.breakdowns) report('breakdowns', `at most ${LIMITS.breakdowns}`);
  breakdowns.forEach(({ field }, i) => checkField(field, `breakdowns[${i}].field`, report));
  checkBreakdownLimit(question.breakdownLimit, '', report);
  if (question.formula !== null) checkFormula(question.formula, labels, report);
}

function checkSeries(
  question: TrendQuestion,
  series: TrendQuestion['series'][number],
  at: { path: string; report: Report },
): void {
  const { path, report } = at;
  const { label, measure } = series;
  if (!/^[A-Z]$/.test(label)) report(`${path}.label`, 'must be one letter from A to Z');
  checkSelector(series.event, `${path}.event`, report);
  if ('field' in measure) checkNumberField(measure.field, `${path}.measure.field`, report);
  if (measure.kind !== 'percentile') return;
  if (!(measure.percentile > 0 && measure.percentile < 100)) {
    report(`${path}.measure.percentile`, 'must lie between 0 and 100, both excluded');
  }
  if (question.cumulative) report('cumulative', 'percentiles cannot be cumulative');
}

function checkFormula(formula: string, labels: readonly string[], report: Report): void {
  const parsed = parseFormula(formula);
  if ('fault' in parsed) {
    report('formula', parsed.fault);
    return;
  }
  const unknown = formulaLabels(parsed.formula).filter((label) => !labels.includes(label));
  if (unknown.length > 0) report('formula', `no series is named ${unknown.join(', ')}`);
}

function checkFunnel(question: FunnelQuestion, prefix: string, report: Report): void {
  const { steps, exclusions, attribution, breakdown, holdConstant } = question;
  if (steps.length < 2 || steps.length > LIMITS.steps) report(`${prefix}steps`, `needs 2 to ${LIMITS.steps}`);
  steps.forEach(({ event }, i) => checkSelector(event, `${prefix}steps[${i}].event`, report));
  checkWhole(question.windowMs, { path: `${prefix}windowMs`, low: 1, high: LIMITS.windowMs }, report);
  if (exclusions.length > LIMITS.exclusions) report(`${prefix}exclusions`, `at most ${LIMITS.exclusions}`);
  if (exclusions.length > 0 && question.order !== 'ordered') report(`${prefix}exclusions`, 'need the order `ordered`');
  exclusions.forEach(({ event, after, before }, i) => {
    const path = `${prefix}exclusions[${i}]`;
    checkSelector(event, `${path}.event`, report);
    checkWhole(after, { path: `${path}.after`, low: 0, high: steps.length - 2 }, report);
    checkWhole(before, { path: `${path}.before`, low: after + 1, high: steps.length - 1 }, report);
  });
  if (holdConstant !== null) checkField(holdConstant, `${prefix}holdConstant`, report);
  if (breakdown !== null) checkField(breakdown.field, `${prefix}breakdown.field`, report);
  if (typeof attribution === 'object') {
    checkWhole(attribution.step, { path: `${prefix}attribution.step`, low: 0, high: steps.length - 1 }, report);
  }
  checkBreakdownLimit(question.breakdownLimit, prefix, report);
  if (question.trendInterval !== null) {
    checkInterval(question, question.trendInterval, { path: `${prefix}trendInterval`, report });
  }
}

function checkFunnelUsers(question: FunnelUsersQuestion, report: Report): void {
  checkScope(question.funnel, 'funnel.', report);
  checkFunnel(question.funnel, 'funnel.', report);
  const low = question.outcome === 'dropped' ? 1 : 0;
  checkWhole(question.step, { path: 'step', low, high: question.funnel.steps.length - 1 }, report);
  checkWhole(question.limit, { path: 'limit', low: 1, high: LIMITS.funnelUsers }, report);
}

function checkRetention(question: RetentionQuestion, report: Report): void {
  checkSelector(question.start, 'start', report);
  checkSelector(question.return, 'return', report);
  checkInterval(question, question.interval, { path: 'interval', report });
  checkWhole(question.periods, { path: 'periods', low: 1, high: LIMITS.periods }, report);
  checkWhole(question.minimumCount, { path: 'minimumCount', low: 1, high: LIMITS.minimumCount }, report);
}

function checkSessionMetrics(question: SessionMetricsQuestion, report: Report): void {
  checkInterval(question, question.interval, { path: 'interval', report });
  checkBreakdownLimit(question.breakdownLimit, '', report);
  if (question.breakdown !== null && !isSessionField(question.breakdown.field)) {
    report('breakdown.field', `${question.breakdown.field} is no field of sessions`);
  }
}

function checkCatalogue(question: CatalogueQuestion, report: Report): void {
  if (question.search !== null) checkText(question.search, 'search', report);
  checkWhole(question.limit, { path: 'limit', low: 1, high: LIMITS.catalogue }, report);
  if (question.of !== 'values') {
    if (question.field !== null) report('field', 'is for values only');
  } else if (question.field === null) report('field', 'is needed for values');
  else checkField(question.field, 'field', report);
}
