import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { requestQueueOfKafkajs, stopIdleTimers } from './idle-timer.ts';

const delays: number[] = [];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  const real = globalThis.setTimeout;
  vi.spyOn(globalThis, 'setTimeout').mockImplementation(((work: () => void, ms: number) => {
    delays.push(ms);
    return real(work, ms);
  }) as typeof setTimeout);
  delays.length = 0;
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** A queue of the real class on which nothing has been sent. */
function queueOf(changes: object): { scheduleCheckPendingRequests(): void; checkPendingRequests(): void } {
  const { prototype } = requestQueueOfKafkajs();
  const base: object = Object.create(prototype);
  return Object.assign(base, {
    pending: [],
    inflight: new Map(),
    throttledUntil: -1,
    throttleCheckTimeoutId: null,
    ...changes,
  }) as never;
}

describe('stopIdleTimers', () => {
  it('arms no timer on an idle connection', () => {
    stopIdleTimers();
    queueOf({}).checkPendingRequests();
    vi.advanceTimersByTime(1000);
    expect(delays).toEqual([]);
  });

  it('arms one while requests wait, and one for a pause that the broker has asked for', () => {
    stopIdleTimers();
    queueOf({ pending: [{}], maxInFlightRequests: 0 }).scheduleCheckPendingRequests();
    queueOf({ throttledUntil: Date.now() + 700 }).scheduleCheckPendingRequests();
    expect(delays).toEqual([10, 700]);
  });

  it('never asks for a negative delay, and is the same when done twice', () => {
    stopIdleTimers();
    const once = requestQueueOfKafkajs().prototype.scheduleCheckPendingRequests;
    stopIdleTimers();
    expect(requestQueueOfKafkajs().prototype.scheduleCheckPendingRequests).toBe(once);
    queueOf({ throttledUntil: Date.now() - 5 }).scheduleCheckPendingRequests();
    expect(delays.filter((ms) => ms < 1)).toEqual([]);
  });

  it('tells when kafkajs has become another one', () => {
    expect(() => stopIdleTimers({ prototype: {} as never })).toThrow('scheduleCheckPendingRequests');
  });
});
