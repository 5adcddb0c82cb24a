import {
  pollPartition,
  type Clock,
  type ConsumedRecord,
  type ConsumeOptions,
  type Lag,
  type PartitionPoll,
  type PartitionRef,
  type Subscription,
  type TopicInfo,
  type Watermarks,
} from '@productgraph/kernel';
import type { EachBatchPayload } from 'kafkajs';
import { Hints, type Hint } from './hints.ts';
import type { GroupMember, MemberEvents } from './member.ts';
import { PartitionQueue, type Feed } from './partition-queue.ts';
import type { Partitions } from './sticky-assigner.ts';

export interface GroupOptions {
  readonly consume: ConsumeOptions;
  /** Topics of the group, by their names on the brokers. */
  readonly topics: ReadonlyMap<string, TopicInfo>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly watermarks: (name: string, partition: number) => Promise<Watermarks>;
  readonly decode: (batch: EachBatchPayload['batch']) => ConsumedRecord[];
  /** See {@link PartitionQueue}. */
  readonly queueBytes: number;
  readonly stallMs: number;
  readonly onFault: (work: string, error: unknown) => void;
}

interface Served {
  readonly name: string;
  readonly ref: PartitionRef;
  readonly queue: PartitionQueue;
  /** None while an earlier poll of the same partition is ending. */
  poll: PartitionPoll | null;
}

const HINTS_MS = 1000;
/** Records per batch where the group does not say: a record of ingestion may hold a few events only. The queue bounds their events. */
const MAX_RECORDS = 1000;

/**
 * Serves a handler with the partitions that a group gives this process. Partitions that stay ours through a rebalance are served on
 * without a break; those that go finish the batch in hand. Another member may begin meanwhile: positions move by compare-and-set.
 */
export class Group implements MemberEvents {
  readonly #options: GroupOptions;
  readonly #member: GroupMember;
  readonly #serving = new Map<string, Served>();
  readonly #ending = new Map<string, Promise<void>>();
  readonly #hints = new Hints();
  readonly #stopping = new AbortController();
  #fault: { readonly error: string; readonly since: number } | null = null;

  constructor(options: GroupOptions, member: (events: MemberEvents) => GroupMember) {
    this.#options = options;
    this.#member = member(this);
  }

  async start(): Promise<Subscription> {
    await this.#member.start();
    void this.#writeHints();
    return { stop: () => this.stop(), lag: () => this.#lag(), faults: () => this.#faults() };
  }

  /** Lets batches in hand finish, revokes every partition, leaves the group. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const served of [...this.#serving.values()]) this.#end(served);
    const results = await Promise.allSettled(this.#ending.values());
    const { active } = this.#member;
    if (active) await this.#hints.flush(active);
    await this.#member.stop();
    const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
    if (errors.length > 0) throw new AggregateError(errors, 'Some partitions could not be revoked');
  }

  /** Bytes of records that were fetched and wait. */
  get bytes(): number {
    return [...this.#serving.values()].reduce((sum, { queue }) => sum + queue.bytes, 0);
  }

  /** A hint of a partition that is not ours (any more) is not taken: its member has a better one. */
  note(hint: Hint): void {
    if (this.#serving.has(keyOf(hint.topic, hint.partition))) this.#hints.note(hint);
  }

  owned(): Partitions {
    const owned: Record<string, number[]> = {};
    for (const { name, ref } of this.#serving.values()) (owned[name] ??= []).push(ref.partition);
    return owned;
  }

  joined(partitions: Partitions, anew: boolean): void {
    if (this.#stopping.signal.aborted) return;
    this.#fault = null;
    const ours = Object.entries(partitions).flatMap(([name, numbers]) => numbers.map((one) => ({ name, one })));
    const keys = new Set(ours.map(({ name, one }) => keyOf(name, one)));
    for (const [key, served] of [...this.#serving]) if (anew || !keys.has(key)) this.#end(served);
    for (const { name, one } of ours) {
      const kept = this.#serving.get(keyOf(name, one));
      if (kept === undefined) this.#begin(name, one);
      else this.#goOn(kept);
    }
  }

  lost(error: Error): void {
    this.#fault = { error: error.message, since: this.#fault?.since ?? this.#options.clock.now() };
    this.#options.onFault('consume', error);
    for (const served of [...this.#serving.values()]) this.#end(served);
  }

  fetched(batch: EachBatchPayload['batch']): number | null {
    const served = this.#serving.get(keyOf(batch.topic, batch.partition));
    if (served === undefined) return null;
    return served.queue.offer({ records: this.#options.decode(batch), high: Number(batch.highWatermark) });
  }

  #begin(name: string, partition: number): void {
    const info = this.#options.topics.get(name);
    if (info === undefined) return;
    const { watermarks, clock, queueBytes, stallMs, consume, random } = this.#options;
    const ref = { topic: info.topic, generation: info.generation, partition };
    const feed = this.#feedOf(name, partition);
    feed.pause();
    const queue = new PartitionQueue({
      feed,
      watermarks: () => watermarks(name, partition),
      clock,
      maxBytes: queueBytes,
      stallMs,
    });
    const served: Served = { name, ref, queue, poll: null };
    const key = keyOf(name, partition);
    this.#serving.set(key, served);
    const serve = (): void => {
      if (this.#serving.get(key) === served) {
        served.poll = pollPartition({
          maxRecords: MAX_RECORDS,
          ...consume,
          partition: ref,
          source: queue,
          clock,
          random,
        });
      }
    };
    const before = this.#ending.get(key);
    if (before === undefined) serve();
    else void before.catch(() => undefined).then(serve);
  }

  /** kafkajs has forgotten where it was. */
  #goOn({ name, ref, queue }: Served): void {
    const feed = this.#feedOf(name, ref.partition);
    if (queue.next !== null) feed.seek(queue.next);
    if (queue.paused) feed.pause();
    else feed.resume();
  }

  #end({ name, ref, queue, poll }: Served): void {
    const key = keyOf(name, ref.partition);
    this.#serving.delete(key);
    const before = this.#ending.get(key) ?? Promise.resolve();
    const ended = before.then(() => poll?.stop());
    // The loop must know that it is over before its reader wakes up.
    void poll?.stop().catch(() => undefined);
    queue.close();
    this.#ending.set(key, ended);
    const over = (): void => {
      if (this.#ending.get(key) === ended) this.#ending.delete(key);
    };
    ended.then(over, (error: unknown) => {
      over();
      this.#options.onFault('revoke a partition', error);
    });
  }

  #feedOf(topic: string, partition: number): Feed {
    const partitions = [{ topic, partitions: [partition] }];
    return {
      seek: (offset) => this.#member.active?.seek({ topic, partition, offset: String(offset) }),
      pause: () => this.#member.active?.pause(partitions),
      resume: () => this.#member.active?.resume(partitions),
    };
  }

  async #writeHints(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const { active } = this.#member;
      if (active) await this.#hints.flush(active);
      await this.#options.clock.sleep(HINTS_MS, signal).catch(() => undefined);
    }
  }

  async #lag(): Promise<Lag[]> {
    const { consume, clock, watermarks } = this.#options;
    const served = [...this.#serving.values()].sort((a, b) => a.ref.partition - b.ref.partition);
    const ordered = consume.topics.flatMap((topic) => served.filter(({ ref }) => ref.topic === topic));
    const marks = await Promise.all(ordered.map(({ name, ref }) => watermarks(name, ref.partition)));
    return ordered.map(({ ref, queue, poll }, index) => {
      const { low, high } = marks[index] ?? { low: 0, high: 0 };
      const position = poll?.position() ?? low;
      const records = Math.max(0, high - position);
      const milliseconds = records === 0 ? 0 : Math.max(0, clock.now() - queue.oldestUnread(position));
      return { ...ref, group: consume.group, position, records, milliseconds };
    });
  }

  #faults(): ReturnType<Subscription['faults']> {
    const faults = [...this.#serving.values()].flatMap(({ ref, poll }) => {
      const fault = poll?.fault() ?? null;
      return fault === null ? [] : [{ partition: ref, ...fault }];
    });
    const [first] = this.#options.topics.values();
    if (this.#fault === null || first === undefined) return faults;
    const whole = { topic: first.topic, generation: first.generation, partition: -1 };
    return [...faults, { partition: whole, ...this.#fault }];
  }
}

function keyOf(name: string, partition: number): string {
  return `${name} ${partition}`;
}
