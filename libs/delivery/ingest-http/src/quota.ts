import {
  monthlyRoom,
  quotaMonth,
  quotaMonthEnd,
  takeFromRate,
  type Project,
  type RateAnswer,
  type RateBucket,
  type RateRequest,
  type SharedRates,
} from '@productgraph/domain-tenant';
import type { Clock } from '@productgraph/kernel';
import { RequestRefused } from './fault.ts';

/** Events that a project has had accepted in a calendar month (UTC, `2026-09`), from durable facts. */
export interface UsageReader {
  acceptedInMonth(project: Project, month: string): Promise<number>;
}

export interface QuotaGate {
  /**
   * Takes `events` from the project's budgets.
   * @throws RequestRefused quota_exceeded with Retry-After; and what the usage reader throws
   */
  take(project: Project, events: number): Promise<void> | undefined;
}

/** How long a count of the month is used before it is read again; what this process accepts meanwhile is added. */
const USAGE_MS = 60_000;

interface Usage {
  readonly month: string;
  readonly readAt: number;
  used: number;
}

export interface QuotaDeps {
  readonly usage: UsageReader;
  readonly clock: Clock;
  /** Where several processes share a project's rate; while it cannot be reached, the rate holds per process. Default: one process. */
  readonly rates?: SharedRates;
  /** Told when the shared rates could not be asked. */
  readonly onRatesLost?: (error: unknown) => void;
}

/** Budgets of projects. The monthly count is shared by all processes, a minute late. */
export function createQuotaGate(deps: QuotaDeps): QuotaGate {
  const { usage, clock } = deps;
  const takeRate = createRateGate(deps);
  const months = new Map<string, Usage>();
  const reading = new Map<string, Promise<Usage>>();

  async function read(project: Project, month: string): Promise<Usage> {
    const used = await usage.acceptedInMonth(project, month);
    const known = { month, readAt: clock.now(), used };
    months.set(project.id, known);
    return known;
  }

  /** Requests that come together share one question, and then one count. */
  function usageOf(project: Project, month: string): Usage | Promise<Usage> {
    const known = months.get(project.id);
    if (known?.month === month && clock.now() - known.readAt <= USAGE_MS) return known;
    const running = reading.get(project.id);
    if (running !== undefined) return running;
    const question = read(project, month).finally(() => reading.delete(project.id));
    reading.set(project.id, question);
    return question;
  }

  async function takeMonth(project: Project, events: number): Promise<void> {
    const now = clock.now();
    const known = await usageOf(project, quotaMonth(now));
    const room = monthlyRoom(project.quota, known.used);
    if (room !== null && events > room) refuse("the month's events are used up", quotaMonthEnd(now) - now);
    known.used += events;
  }

  return {
    take(project, events) {
      const { eventsPerSecond: rate, eventsPerMonth } = project.quota;
      const takeOfMonth = () => (eventsPerMonth === null ? undefined : takeMonth(project, events));
      const taken = rate === null ? undefined : takeRate({ projectId: project.id, rate, n: events });
      return taken === undefined ? takeOfMonth() : taken.then(takeOfMonth);
    },
  };
}

/** Takes from a project's rate; at once where processes share none. */
function createRateGate({ clock, rates, onRatesLost }: QuotaDeps): (asked: RateRequest) => Promise<void> | undefined {
  const buckets = new Map<string, RateBucket>();

  function own({ projectId, rate, n }: RateRequest): RateAnswer {
    const verdict = takeFromRate(rate, buckets.get(projectId) ?? null, { n, now: clock.now() });
    buckets.set(projectId, verdict.bucket);
    return verdict;
  }

  function judge({ rate }: RateRequest, answer: RateAnswer): void {
    if (!answer.allowed) refuse(`more than ${rate} events per second`, answer.retryAfterMs);
  }

  async function shared(asked: RateRequest, from: SharedRates): Promise<void> {
    const answer = await from.take(asked).catch((error: unknown) => {
      onRatesLost?.(error);
      return own(asked);
    });
    judge(asked, answer);
  }

  return (asked) => {
    if (rates !== undefined) return shared(asked, rates);
    judge(asked, own(asked));
    return undefined;
  };
}

function refuse(what: string, retryAfterMs: number): never {
  const retryAfterSeconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  throw new RequestRefused('quota_exceeded', {
    message: `The project's quota is exceeded: ${what}.`,
    retryAfterSeconds,
  });
}
