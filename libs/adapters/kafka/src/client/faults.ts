import { LogUnavailable } from '@productgraph/kernel';

/** Whether a broker says that it does not know a topic, which may be a matter of moments. */
export function isUnknownTopic(error: unknown): boolean {
  return error instanceof Error && 'type' in error && error.type === 'UNKNOWN_TOPIC_OR_PARTITION';
}

/** Whether kafkajs says that another try may succeed. */
export function isPassing(error: unknown): boolean {
  return error instanceof Error && 'retriable' in error && error.retriable === true;
}

/** Faults of brokers or the way to them, told in the port's own word. */
export async function asUnavailable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const isKafkas = error instanceof Error && error.name.startsWith('KafkaJS');
    if (!isKafkas) throw error;
    throw new LogUnavailable(`The log cannot be reached: ${error.message}`, { cause: error });
  }
}
