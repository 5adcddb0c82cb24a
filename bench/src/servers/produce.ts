/**
 * The floors of B3 and B3b: kafkajs alone, as the product uses it (idempotent, acks of all copies, one send under way), with events that are made.
 * `GET /packed?seconds=3` sends records of 100 events, compressed with zstd one by one as they go; `GET /single?seconds=3` one record per
 * event; both 1,000 events a send. Answers `{"events","seconds","cpuMicros"}`. Arguments: brokers, topic, its partitions.
 */
import { packBytes } from '@productgraph/contracts';
import { Kafka, logLevel, type Message } from 'kafkajs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { syntheticBodies } from '../harness/events.ts';

const [brokers = '', topic = '', count = '1'] = process.argv.slice(2);
const partitions = Number(count);
const PER_SEND = 1_000;
const PER_RECORD = 100;

/** Each line an event. */
const lines = syntheticBodies({ bodies: 200, batch: PER_RECORD, users: 5_000, at: Date.now() }).map((body) =>
  (JSON.parse(body.toString('utf8')) as { events: unknown[] }).events.map((event) => JSON.stringify(event)),
);
const packs = lines.map((record) => Buffer.from(record.join('\n')));
const singles = lines.map((record) => record.map((line) => Buffer.from(line)));

let turn = 0;
const next = <T>(items: readonly T[]): T => items[turn++ % items.length] as T;

const messages: Record<string, () => Message[]> = {
  packed: () =>
    Array.from({ length: PER_SEND / PER_RECORD }, () => ({
      partition: turn % partitions,
      value: Buffer.from(packBytes(next(packs))),
    })),
  single: () =>
    Array.from({ length: PER_SEND / PER_RECORD }, () => {
      const partition = turn % partitions;
      return next(singles).map((value) => ({ partition, value }));
    }).flat(),
};

const client = new Kafka({ clientId: 'bench', brokers: brokers.split(','), logLevel: logLevel.NOTHING });
const producer = client.producer({ idempotent: true, maxInFlightRequests: 1 });
await producer.connect();

async function produce(make: () => Message[], seconds: number): Promise<object> {
  const cpu = process.cpuUsage();
  const began = performance.now();
  let events = 0;
  for (; performance.now() - began < seconds * 1000; events += PER_SEND) {
    await producer.sendBatch({ acks: -1, topicMessages: [{ topic, messages: make() }] });
  }
  const used = process.cpuUsage(cpu);
  return { events, seconds: (performance.now() - began) / 1000, cpuMicros: used.user + used.system };
}

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const make = messages[url.pathname.slice(1)];
  if (make === undefined) {
    response.writeHead(404).end();
    return;
  }
  produce(make, Number(url.searchParams.get('seconds'))).then(
    (figures) => response.end(JSON.stringify(figures)),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port })}\n`);
});
process.on('SIGTERM', () => {
  void producer.disconnect().finally(() => process.exit(0));
});
