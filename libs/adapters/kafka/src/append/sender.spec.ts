import { recordOf } from '@productgraph/testing';
import type { ProducerBatch, RecordMetadata } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { createSender, type PartitionSend, type Producer } from './sender.ts';

type Answer = RecordMetadata[] | Error;

/** Producers that answer as told, one answer per call; `sent` has each call's partitions with the number of its producer. */
function producers(...answers: Answer[]) {
  const sent: string[] = [];
  let made = 0;
  let closed = 0;
  const connect = async (): Promise<Producer> => {
    const number = ++made;
    return {
      sendBatch: async ({ topicMessages = [], acks }: ProducerBatch) => {
        const parts = topicMessages.map(
          ({ topic, messages }) => `${topic}[${messages[0]?.partition}]x${messages.length}`,
        );
        sent.push(`${number}: ${parts.join(' ')} acks ${acks}`);
        const answer = answers.shift() ?? [];
        if (answer instanceof Error) throw answer;
        return answer;
      },
      disconnect: async () => {
        closed++;
      },
    };
  };
  return { sender: createSender({ connect, timeoutMs: 1000 }), sent, closed: () => closed, made: () => made };
}

const to = (partition: number, n = 1): PartitionSend => ({
  topic: 't',
  partition,
  records: Array.from({ length: n }, (_, at) => recordOf(`r${at}`)),
});
const from = (partition: number, baseOffset: string, errorCode = 0): RecordMetadata => ({
  topicName: 't',
  partition,
  errorCode,
  baseOffset,
});

describe('createSender', () => {
  it('answers the first offset of each partition in order, after all copies have it', async () => {
    const { sender, sent } = producers([from(1, '7'), from(0, '9007199254740991')]);
    expect(await sender.send([to(0, 2), to(1)])).toEqual([9_007_199_254_740_991, 7]);
    expect(sent).toEqual(['1: t[0]x2 t[1]x1 acks -1']);
  });

  it('sends again, by the same producer, only what kafkajs has left out', async () => {
    const { sender, sent, made } = producers([from(1, '7')], [from(0, '3')]);
    expect(await sender.send([to(0), to(1)])).toEqual([3, 7]);
    expect(sent).toEqual(['1: t[0]x1 t[1]x1 acks -1', '1: t[0]x1 acks -1']);
    expect(made()).toBe(1);
  });

  it.each([
    ['nothing', []],
    ['an error', [from(0, '-1', 6)]],
    ['no offset', [from(0, '-1')]],
  ])('fails when %s is answered again and again', async (_, answer) => {
    const { sender, sent } = producers(...Array.from({ length: 9 }, () => answer));
    await expect(sender.send([to(0)])).rejects.toThrow('did not answer for t[0]');
    expect(sent).toHaveLength(5);
  });

  it('never uses a producer again that has failed: its next send would be taken for a repetition', async () => {
    const { sender, sent, closed } = producers(new Error('no reply'), [from(0, '4')]);
    await expect(sender.send([to(0)])).rejects.toThrow('no reply');
    expect(await sender.send([to(0)])).toEqual([4]);
    expect(sent).toEqual(['1: t[0]x1 acks -1', '2: t[0]x1 acks -1']);
    expect(closed()).toBe(1);
  });

  it('connects again after connecting has failed', async () => {
    let tries = 0;
    const sender = createSender({
      timeoutMs: 1000,
      connect: async () => {
        if (++tries === 1) throw new Error('nobody there');
        return { sendBatch: async () => [from(0, '0')], disconnect: async () => undefined };
      },
    });
    await expect(sender.send([to(0)])).rejects.toThrow('nobody there');
    expect(await sender.send([to(0)])).toEqual([0]);
    await sender.close();
  });
});
