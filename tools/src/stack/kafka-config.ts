import { createHash } from 'node:crypto';

/** Ports of one broker. Clients that come through `proxied` are told `advertised`: a fault proxy listens there. */
export interface BrokerPorts {
  readonly clients: number;
  readonly controller: number;
  readonly proxied: number;
  readonly advertised: number;
}

/** What the configuration of one broker is made of. */
export interface BrokerOptions {
  /** From 1. */
  readonly node: number;
  /** Of all brokers, in the order of their nodes. */
  readonly ports: readonly BrokerPorts[];
  readonly dataFolder: string;
}

const RACKS = ['az-a', 'az-b', 'az-c'];

/** `server.properties` of a broker that is controller too. */
export function brokerProperties({ node, ports, dataFolder }: BrokerOptions): string {
  const own = ports[node - 1];
  if (!own) throw new RangeError(`There is no broker ${node} of ${ports.length}.`);
  const copies = Math.min(3, ports.length);
  const inSync = Math.max(1, copies - 1);
  return render({
    'process.roles': 'broker,controller',
    'node.id': node,
    'broker.rack': RACKS[(node - 1) % RACKS.length],
    'controller.quorum.voters': ports.map(({ controller }, at) => `${at + 1}@127.0.0.1:${controller}`).join(','),
    listeners: `CLIENTS://127.0.0.1:${own.clients},PROXIED://127.0.0.1:${own.proxied},CONTROLLER://127.0.0.1:${own.controller}`,
    'advertised.listeners': `CLIENTS://127.0.0.1:${own.clients},PROXIED://127.0.0.1:${own.advertised}`,
    'listener.security.protocol.map': 'CLIENTS:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'CLIENTS',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': dataFolder,
    'num.partitions': 3,
    'default.replication.factor': copies,
    'min.insync.replicas': inSync,
    'unclean.leader.election.enable': false,
    'auto.create.topics.enable': false,
    'replica.selector.class': 'org.apache.kafka.common.replica.RackAwareReplicaSelector',
    ...internalTopics(copies, inSync),
    ...smallMachine,
    ...fastFailover,
  });
}

function internalTopics(copies: number, inSync: number): Record<string, number> {
  return {
    'offsets.topic.num.partitions': 3,
    'offsets.topic.replication.factor': copies,
    'transaction.state.log.num.partitions': 3,
    'transaction.state.log.replication.factor': copies,
    'transaction.state.log.min.isr': inSync,
    'share.coordinator.state.topic.num.partitions': 3,
    'share.coordinator.state.topic.replication.factor': copies,
    'share.coordinator.state.topic.min.isr': inSync,
  };
}

const smallMachine = {
  'num.network.threads': 2,
  'num.io.threads': 2,
  'background.threads': 2,
  // The default takes 128 MB of the heap.
  'log.cleaner.dedupe.buffer.size': 8_388_608,
  'group.initial.rebalance.delay.ms': 0,
};

/** With the defaults a broker's death is an outage of 9 s, with these of 3. */
const fastFailover = {
  'broker.session.timeout.ms': 3000,
  'broker.heartbeat.interval.ms': 500,
  'controller.quorum.election.timeout.ms': 1000,
  'controller.quorum.fetch.timeout.ms': 2000,
};

/** `meta.properties` of a data folder, as `kafka-storage format` (3 s of Java) would write it. */
export function metaProperties(node: number, cluster: string): string {
  return render({
    version: 1,
    'cluster.id': kafkaUuid(cluster),
    'node.id': node,
    'directory.id': kafkaUuid(`${cluster}/${node}`),
  });
}

/** A Kafka UUID (16 bytes in URL-safe base64 of 22 characters) that is always the same for this text. */
function kafkaUuid(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  // Kafka makes none that begins with a hyphen, which tools would take for an option.
  bytes[0] = (bytes[0] ?? 0) & 0x7f;
  return bytes.toString('base64url');
}

function render(properties: Readonly<Record<string, string | number | boolean | undefined>>): string {
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${String(value)}\n`)
    .join('');
}

/** Warnings, and the few lines that tell of a start, on standard output. */
export const log4j = `<?xml version="1.0" encoding="UTF-8"?>
<Configuration status="ERROR">
  <Appenders>
    <Console name="console" target="SYSTEM_OUT">
      <PatternLayout pattern="%d %p %m (%c)%n"/>
    </Console>
  </Appenders>
  <Loggers>
    <Logger name="kafka.server.KafkaRaftServer" level="INFO"/>
    <Root level="WARN">
      <AppenderRef ref="console"/>
    </Root>
  </Loggers>
</Configuration>
`;
