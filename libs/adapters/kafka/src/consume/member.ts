import { backoffDelay, retry, type Clock } from '@productgraph/kernel';
import type { Consumer, ConsumerConfig, EachBatchPayload, Kafka } from 'kafkajs';
import { isUnknownTopic } from '../client/faults.ts';
import { stickyAssigner, type Partitions } from './sticky-assigner.ts';

export interface MemberOptions {
  readonly kafka: Kafka;
  readonly group: string;
  /** Names on the brokers. */
  readonly topics: readonly string[];
  readonly config: Omit<ConsumerConfig, 'groupId' | 'partitionAssigners' | 'retry'>;
  readonly clock: Clock;
  /** 0 inclusive to 1 exclusive: spreads back-off. */
  readonly random: () => number;
  readonly retry: NonNullable<ConsumerConfig['retry']>;
  readonly events: MemberEvents;
}

/** What happens to a member of a group. Calls come in order and must not wait: fetching goes on when they return. */
export interface MemberEvents {
  /** These partitions are ours. `anew` = as another member than before, so that others may have had them in between. */
  joined(partitions: Partitions, anew: boolean): void;
  /** No partition is ours any more. */
  lost(error: Error): void;
  /** What was fetched of a partition; answers the offset taken last, null for none. */
  fetched(batch: EachBatchPayload['batch']): number | null;
  /** What is ours, for keeping it when partitions are shared out anew. */
  owned(): Partitions;
}

/** A broker that does not know a new topic yet. */
const FIRST_START = { attempts: 10, firstDelayMs: 100, maxDelayMs: 500 };

/** Delay before a member that has failed joins again. */
const BACKOFF = { firstDelayMs: 250, maxDelayMs: 10_000 };

/**
 * Membership of a group and fetching, by kafkajs's consumer. It is given up and made anew when it crashes: left to itself it restarts
 * after some errors only, and is silent for ever after the others.
 */
export class GroupMember {
  readonly #options: MemberOptions;
  #consumer: Consumer | null = null;
  #memberId: string | null = null;
  #stopping = new AbortController();
  #restarting: Promise<void> | null = null;
  #failures = 0;

  constructor(options: MemberOptions) {
    this.#options = options;
  }

  /** Whether partitions have been shared out and seeks take effect. */
  get joined(): boolean {
    return this.#memberId !== null;
  }

  /** Joins the group. @throws when brokers cannot be reached or a topic is not there; later faults are retried without end */
  async start(): Promise<void> {
    const { clock, random } = this.#options;
    await retry(() => this.#try(), FIRST_START, { clock, random, retryable: isUnknownTopic });
  }

  /** Leaves the group, so that others need not wait for the end of its session. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#restarting;
    const consumer = this.#consumer;
    this.#forget();
    await consumer?.disconnect();
  }

  /** The consumer, while seeking and pausing have a meaning; between memberships there is none, and joining begins anew. */
  get active(): Pick<Consumer, 'seek' | 'pause' | 'resume' | 'commitOffsets'> | null {
    return this.joined ? this.#consumer : null;
  }

  async #try(): Promise<void> {
    const consumer = this.#create();
    try {
      await this.#begin(consumer);
    } catch (error) {
      await consumer.disconnect().catch(() => undefined);
      throw error;
    }
  }

  #create(): Consumer {
    const { kafka, config, group, retry, events } = this.#options;
    return kafka.consumer({
      ...config,
      groupId: group,
      partitionAssigners: [stickyAssigner(() => events.owned())],
      retry: { ...retry, restartOnFailure: async () => false },
    });
  }

  async #begin(consumer: Consumer): Promise<void> {
    const { topics, events } = this.#options;
    await consumer.connect();
    // From the beginning: what is not there any more must never be skipped silently; where to read is said by seeking.
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    consumer.on('consumer.group_join', ({ payload }) => this.#hasJoined(consumer, payload));
    consumer.on('consumer.crash', ({ payload }) => this.#hasCrashed(consumer, payload.error));
    this.#consumer = consumer;
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: async (fetch) => {
        const last = events.fetched(fetch.batch);
        if (last !== null) fetch.resolveOffset(String(last));
      },
    });
  }

  #hasJoined(consumer: Consumer, { memberId, memberAssignment }: { memberId: string; memberAssignment: Partitions }) {
    if (this.#consumer !== consumer || this.#stopping.signal.aborted) return;
    const anew = this.#memberId !== memberId;
    this.#memberId = memberId;
    this.#failures = 0;
    this.#options.events.joined(memberAssignment, anew);
  }

  #hasCrashed(consumer: Consumer, error: Error): void {
    if (this.#consumer !== consumer) return;
    this.#forget();
    this.#options.events.lost(error);
    this.#restarting ??= this.#restart().finally(() => {
      this.#restarting = null;
    });
  }

  async #restart(): Promise<void> {
    const { clock, random, events } = this.#options;
    const { signal } = this.#stopping;
    const isStopped = (): boolean => signal.aborted;
    while (!isStopped()) {
      this.#failures++;
      await clock.sleep(backoffDelay(BACKOFF, this.#failures, random), signal).catch(() => undefined);
      if (isStopped()) return;
      const consumer = this.#create();
      try {
        await this.#begin(consumer);
        // It has joined; or it crashed in doing so, told by an event that found this loop under way.
        if (this.joined) return;
      } catch (error) {
        events.lost(error instanceof Error ? error : new Error(String(error)));
      }
      this.#forget();
      await consumer.disconnect().catch(() => undefined);
    }
  }

  #forget(): void {
    this.#consumer = null;
    this.#memberId = null;
  }
}
