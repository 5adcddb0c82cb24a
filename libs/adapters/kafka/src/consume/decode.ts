import type { ConsumedRecord } from '@productgraph/kernel';
import type { EachBatchPayload } from 'kafkajs';
import { emptyRecord, ForeignRecord, fromWire } from '../record-codec.ts';

/** Records of a batch; a foreign one is told and passed over as an empty one, since offsets go on without a gap. */
export function decodeBatch(
  { topic, partition, messages }: Pick<EachBatchPayload['batch'], 'topic' | 'partition' | 'messages'>,
  onForeign: (error: Error) => void,
): ConsumedRecord[] {
  return messages.map((message) => {
    try {
      return fromWire(message);
    } catch (error) {
      if (!(error instanceof ForeignRecord)) throw error;
      onForeign(new Error(`record_not_ours: ${topic}[${partition}] at ${message.offset}: ${error.message}`));
      return emptyRecord(Number(message.offset), Number(message.timestamp));
    }
  });
}
