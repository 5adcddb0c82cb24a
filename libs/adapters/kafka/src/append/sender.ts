import type { LogRecord } from '@productgraph/contracts';
import type { ProducerBatch, RecordMetadata } from 'kafkajs';
import { toWire } from '../record-codec.ts';

/** Records of one partition for one send, in order. */
export interface PartitionSend {
  /** Name on the brokers. */
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly LogRecord[];
}

/** What is used of kafkajs's producer. */
export interface Producer {
  sendBatch(batch: ProducerBatch): Promise<RecordMetadata[]>;
  disconnect(): Promise<void>;
}

export interface Sender {
  /** Answers the offset of the first record of each partition, in order; rejects when it is not known what the brokers have. */
  send(sends: readonly PartitionSend[]): Promise<number[]>;
  close(): Promise<void>;
}

export interface SenderOptions {
  /** A producer with an identity of its own, connected. */
  readonly connect: () => Promise<Producer>;
  /** Bound on the brokers' wait for copies, milliseconds. */
  readonly timeoutMs: number;
}

/** How often what kafkajs has left out is sent again, the first time included. */
const TURNS = 5;

/**
 * One idempotent producer of kafkajs 2.2.4, which may only be used by one awaited send at a time. Two of its faults are dealt with:
 *
 * - After a send that failed it takes the same sequence numbers for the next one. Had the failed one been stored, the brokers would take
 *   the next for its repetition, and acknowledge and drop it. So a producer ends with its first failed send.
 * - When a partition's leader moves to a broker that has answered already, a retry inside of it leaves the partition out and still
 *   resolves. So each partition's answer is looked for, and what has none is sent again.
 */
export function createSender({ connect, timeoutMs }: SenderOptions): Sender {
  let producer: Promise<Producer> | null = null;

  async function discard(): Promise<void> {
    const gone = producer;
    producer = null;
    // It may never have been connected, and what it was is of no use any more.
    await gone?.then((one) => one.disconnect()).catch(() => undefined);
  }

  async function answersOf(sends: readonly PartitionSend[]): Promise<number[]> {
    producer ??= connect();
    const connected = await producer;
    const answers = new Map<PartitionSend, number>();
    for (let turn = 0; turn < TURNS && answers.size < sends.length; turn++) {
      const open = sends.filter((send) => !answers.has(send));
      const told = await connected.sendBatch({ acks: -1, timeout: timeoutMs, topicMessages: open.map(toKafka) });
      for (const send of open) {
        const first = firstOffset(told, send);
        if (first !== null) answers.set(send, first);
      }
    }
    return sends.map((send) => {
      const first = answers.get(send);
      if (first === undefined) throw new Error(`The brokers did not answer for ${send.topic}[${send.partition}]`);
      return first;
    });
  }

  return {
    send: async (sends) => {
      try {
        return await answersOf(sends);
      } catch (error) {
        await discard();
        throw error;
      }
    },
    close: discard,
  };
}

function toKafka({
  topic,
  partition,
  records,
}: PartitionSend): ProducerBatch['topicMessages'] extends (infer Messages)[] | undefined ? Messages : never {
  return {
    topic,
    messages: records.map((record) => {
      const { value, headers } = toWire(record);
      return { partition, value, headers: { ...headers } };
    }),
  };
}

function firstOffset(told: readonly RecordMetadata[], { topic, partition }: PartitionSend): number | null {
  const answer = told.find((one) => one.topicName === topic && one.partition === partition);
  if (answer?.errorCode !== 0 || answer.baseOffset === undefined) return null;
  const first = Number(answer.baseOffset);
  return first >= 0 ? first : null;
}
