import { readFile } from 'node:fs/promises';
import {
  createKafkaLog,
  standardTopics,
  type KafkaConnection,
  type KafkaLog,
  type KafkaSasl,
} from '@productgraph/adapter-kafka';
import type { Base } from '@productgraph/assembly-process';
import type { ConfigOf, kafkaSettings } from '@productgraph/platform-config';
import { meteredLog } from '@productgraph/platform-telemetry';

export type KafkaSettings = ConfigOf<{ kafka: typeof kafkaSettings }>['kafka'];

const MB = 1024 * 1024;

/**
 * The event log on Kafka, started: topics are there as configured.
 * @param options.clientId name of the process in the brokers' logs
 * @throws InvalidKafkaOptions, TopicsDiffer, LogUnavailable
 */
export async function openKafkaLog(
  { clock, random, telemetry }: Base,
  settings: KafkaSettings,
  options: { readonly clientId: string; readonly createTopics: boolean },
): Promise<KafkaLog> {
  const { partitions, replicationFactor, generation, dedupeWindow, retentionHours } = settings;
  const minInSync = Math.min(settings.minInSync, replicationFactor);
  const log = createKafkaLog({
    connection: await connectionOf(settings, options.clientId),
    topics: standardTopics({ partitions, replicationFactor, minInSync, generation, dedupeWindow, retentionHours }),
    clock,
    random,
    prefix: settings.prefix,
    createTopics: options.createTopics,
    maxPendingBytes: settings.maxPendingMb * MB,
    onFault: (work, error) => telemetry.log.backgroundFailed({ work, error }),
  });
  try {
    await log.start();
  } catch (error) {
    await log.stop();
    throw error;
  }
  telemetry.log.opened(() => {
    const { pendingBytes, fetchedBytes } = log.memory();
    return { pendingBytes, tailBytes: fetchedBytes };
  });
  return meteredLog(log, telemetry.log, clock);
}

async function connectionOf(settings: KafkaSettings, clientId: string): Promise<KafkaConnection> {
  const { brokers, rack, tls, tlsCa } = settings;
  const sasl = saslOf(settings);
  return {
    brokers,
    clientId,
    ...(rack !== null && { rack }),
    ...(tls && { tls: tlsCa === null ? true : { ca: await readFile(tlsCa, 'utf8') } }),
    ...(sasl !== null && { sasl }),
  };
}

function saslOf({ saslMechanism, saslUsername, saslPassword }: KafkaSettings): KafkaSasl | null {
  if (saslMechanism === 'none') return null;
  // What is missing is told by the adapter, with everything else that is wrong.
  return { mechanism: saslMechanism, username: saslUsername ?? '', password: saslPassword ?? '' };
}
