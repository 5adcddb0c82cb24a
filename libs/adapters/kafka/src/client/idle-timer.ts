import { createRequire } from 'node:module';

/** What is used of kafkajs's queue of requests, one per connection. */
interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly throttledUntil: number;
  scheduleCheckPendingRequests(): void;
}

interface RequestQueueClass {
  readonly prototype: RequestQueue;
}

const repaired = new WeakSet<RequestQueueClass>();

/** kafkajs's own class, which its public interface does not show. */
export function requestQueueOfKafkajs(): RequestQueueClass {
  return createRequire(import.meta.url)('kafkajs/src/network/requestQueue/index.js') as RequestQueueClass;
}

/**
 * kafkajs 2.2.4 re-arms a timer of 1 ms on every connection for ever, with a negative delay of which Node 24 warns
 * (tulios/kafkajs#1704, #1751): 16 ms of CPU per second and idle connection. A timer is needed only while requests wait or the broker
 * has asked for a pause. Nothing on disk is changed; doing it twice changes nothing.
 * @throws when kafkajs is another version that has no such method
 */
export function stopIdleTimers(queues: RequestQueueClass = requestQueueOfKafkajs()): void {
  const { prototype } = queues;
  if (typeof prototype.scheduleCheckPendingRequests !== 'function') {
    throw new Error('This kafkajs has no scheduleCheckPendingRequests: look whether its idle timer is still a fault');
  }
  if (repaired.has(queues)) return;
  const original: (this: RequestQueue) => void = Reflect.get(prototype, 'scheduleCheckPendingRequests');
  prototype.scheduleCheckPendingRequests = function scheduleWhenNeeded(this: RequestQueue) {
    if (this.pending.length > 0 || this.throttledUntil > Date.now()) original.call(this);
  };
  repaired.add(queues);
}
