import type { Clock } from './clock.ts';

/** Exponential back-off with full jitter. */
export interface RetryPolicy {
  /** Tries in all, the first included. */
  readonly attempts: number;
  /** Delay before the second try, milliseconds. */
  readonly firstDelayMs: number;
  /** Bound on the delay, milliseconds. */
  readonly maxDelayMs: number;
}

export interface RetryContext {
  readonly clock: Clock;
  /** 0 inclusive to 1 exclusive. */
  readonly random: () => number;
  readonly signal?: AbortSignal;
  /** Which faults are worth another try. Default: all. */
  readonly retryable?: (error: unknown) => boolean;
  readonly onRetry?: (error: unknown, attempt: number, delayMs: number) => void;
}

/** Delay before try `attempt + 1`, milliseconds; `attempt` counts from 1. */
export function backoffDelay(policy: Omit<RetryPolicy, 'attempts'>, attempt: number, random: () => number): number {
  const ceiling = Math.min(policy.maxDelayMs, policy.firstDelayMs * 2 ** (attempt - 1));
  return Math.ceil(ceiling / 2 + (random() * ceiling) / 2);
}

/** Runs `work` until it succeeds, the tries are used up, or the fault is not retryable: then the last fault is thrown. */
export async function retry<T>(work: () => Promise<T>, policy: RetryPolicy, context: RetryContext): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const worth = context.retryable?.(error) ?? true;
      if (!worth || attempt >= policy.attempts || context.signal?.aborted === true) throw error;
      const delay = backoffDelay(policy, attempt, context.random);
      context.onRetry?.(error, attempt, delay);
      await context.clock.sleep(delay, context.signal);
    }
  }
}
