import { createMemoryLog } from '@productgraph/adapter-memory';
import type { ConsumeOptions, PartitionHandler } from '@productgraph/kernel';
import { recordOf, systemClock, until } from '@productgraph/testing';
import { describe, expect, it } from 'vitest';
import { startMicroservice } from './microservice.ts';
import { PartitionTransport } from './partition-transport.ts';

const logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** A handler that notes what it is told. */
function noting(): PartitionHandler & { readonly told: string[] } {
  const told: string[] = [];
  return {
    told,
    assigned: async ({ partition }) => (told.push(`assigned ${partition}`), 0),
    batch: async ({ partition, records }) => {
      told.push(`batch ${partition.partition}: ${records.length}`);
      return (records.at(-1)?.offset ?? 0) + 1;
    },
    idle: async () => null,
    revoked: async ({ partition }) => void told.push(`revoked ${partition}`),
  };
}

const consumerOf = (group: string, handler: PartitionHandler): ConsumeOptions => ({
  group,
  topics: ['events'],
  handler,
});

describe('a microservice over the event log', () => {
  it('works for its groups from listen to close', async () => {
    const log = createMemoryLog({ clock: systemClock, partitions: 2 });
    const [one, other] = [noting(), noting()];
    const transport = new PartitionTransport(log, [consumerOf('one', one), consumerOf('other', other)]);
    const app = await startMicroservice(transport, logger);
    await log.append([{ topic: 'events', partition: 1, records: [recordOf('one')] }]);
    await until('both have read', () => [one, other].every(({ told }) => told.includes('batch 1: 1')));
    expect(transport.groups.map(({ name, assigned }) => [name, assigned()])).toEqual([
      ['one', 2],
      ['other', 2],
    ]);
    expect((await transport.groups[0]?.lag())?.map(({ records }) => records)).toEqual([0, 0]);
    await app.close();
    expect(one.told.filter((fact) => fact.startsWith('revoked')).sort()).toEqual(['revoked 0', 'revoked 1']);
    expect(transport.groups).toEqual([]);
  });

  it('does not start when a group cannot be joined, and leaves those that were', async () => {
    const log = createMemoryLog({ clock: systemClock, partitions: 1 });
    const handler = noting();
    const consume: typeof log.consume = (options) =>
      options.group === 'other' ? Promise.reject(new Error('no brokers')) : log.consume(options);
    const transport = new PartitionTransport({ consume }, [consumerOf('one', handler), consumerOf('other', noting())]);
    await expect(startMicroservice(transport, logger)).rejects.toThrow('no brokers');
    expect(transport.groups).toEqual([]);
  });
});
