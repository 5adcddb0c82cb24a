import { describe, expect, it } from 'vitest';
import { brokerProperties, metaProperties } from './kafka-config.ts';

const ports = [1, 2, 3].map((n) => ({
  clients: n * 10,
  controller: n * 10 + 1,
  proxied: n * 10 + 2,
  advertised: n * 10 + 3,
}));

describe('a broker', () => {
  it('of three', () => {
    expect(brokerProperties({ node: 2, ports, dataFolder: '/data/kafka-2' })).toBe(`process.roles=broker,controller
node.id=2
broker.rack=az-b
controller.quorum.voters=1@127.0.0.1:11,2@127.0.0.1:21,3@127.0.0.1:31
listeners=CLIENTS://127.0.0.1:20,PROXIED://127.0.0.1:22,CONTROLLER://127.0.0.1:21
advertised.listeners=CLIENTS://127.0.0.1:20,PROXIED://127.0.0.1:23
listener.security.protocol.map=CLIENTS:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=CLIENTS
controller.listener.names=CONTROLLER
log.dirs=/data/kafka-2
num.partitions=3
default.replication.factor=3
min.insync.replicas=2
unclean.leader.election.enable=false
auto.create.topics.enable=false
replica.selector.class=org.apache.kafka.common.replica.RackAwareReplicaSelector
offsets.topic.num.partitions=3
offsets.topic.replication.factor=3
transaction.state.log.num.partitions=3
transaction.state.log.replication.factor=3
transaction.state.log.min.isr=2
share.coordinator.state.topic.num.partitions=3
share.coordinator.state.topic.replication.factor=3
share.coordinator.state.topic.min.isr=2
num.network.threads=2
num.io.threads=2
background.threads=2
log.cleaner.dedupe.buffer.size=8388608
group.initial.rebalance.delay.ms=0
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
controller.quorum.election.timeout.ms=1000
controller.quorum.fetch.timeout.ms=2000
`);
  });

  it('by itself keeps one copy', () => {
    const properties = brokerProperties({ node: 1, ports: ports.slice(0, 1), dataFolder: '/data' }).split('\n');
    expect(properties).toEqual(
      expect.arrayContaining([
        'default.replication.factor=1',
        'min.insync.replicas=1',
        'offsets.topic.replication.factor=1',
        'transaction.state.log.min.isr=1',
        'controller.quorum.voters=1@127.0.0.1:11',
      ]),
    );
  });

  it('that there is not', () => {
    expect(() => brokerProperties({ node: 4, ports, dataFolder: '/data' })).toThrow('no broker 4 of 3');
  });
});

describe('meta.properties', () => {
  it('are the same each time, with one cluster and a folder id per broker', () => {
    expect(metaProperties(1, 'productgraph')).toBe(`version=1
cluster.id=OFiwVpfm4VQWFxJGFxIfmA
node.id=1
directory.id=c6SjTteSH2StlOYfFT0IFQ
`);
    expect(metaProperties(2, 'productgraph')).not.toContain('directory.id=c6SjTteSH2StlOYfFT0IFQ');
  });
});
