import {
  monthlyRoom,
  quotaMonth,
  quotaMonthEnd,
  takeFromRate,
  type Project,
  type RateAnswer,
  type RateBucket,
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
export function createQuotaGate({ usage, clock, rates, onRatesLost }: QuotaDeps): QuotaGate {
  const buckets = new Map<string, RateBucket>();
  const months = new Map<string, Usage>();
  const reading = new Map<string, Promise<Usage>>();

  function ownRate(project: Project, events: number, rate: number): RateAnswer {
    const verdict = takeFromRate(rate, buckets.get(project.id) ?? null, { n: events, now: clock.now() });
    buckets.set(project.id, verdict.bucket);
    return verdict;
  }

  async function sharedRate(project: Project, events: number, rate: number): Promise<RateAnswer> {
    try {
      return (await rates?.take({ projectId: project.id, rate, n: events })) ?? ownRate(project, events, rate);
    } catch (error) {
      onRatesLost?.(error);
      return ownRate(project, events, rate);
    }
  }

  function judgeRate(rate: number, answer: RateAnswer): void {
    if (!answer.allowed) refuse(`more than ${rate} events per second`, answer.retryAfterMs);
  }

  async function takeShared(project: Project, events: number, rate: number): Promise<void> {
    judgeRate(rate, await sharedRate(project, events, rate));
    if (project.quota.eventsPerMonth !== null) await takeMonth(project, events);
  }

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
      const { eventsPerSecond, eventsPerMonth } = project.quota;
      if (eventsPerSecond !== null) {
        if (rates !== undefined) return takeShared(project, events, eventsPerSecond);
        judgeRate(eventsPerSecond, ownRate(project, events, eventsPerSecond));
      }
      return eventsPerMonth === null ? undefined : takeMonth(project, events);
    },
  };
}

function refuse(what: string, retryAfterMs: number): never {
  const retryAfterSeconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  throw new RequestRefused('quota_exceeded', {
    message: `The project's quota is exceeded: ${what}.`,
    retryAfterSeconds,
  });
}
