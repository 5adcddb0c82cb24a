import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import type { ConsumeOptions, EventLog, Lag, Subscription } from '@productgraph/kernel';

/** A consumer group at work, with its health. */
export interface HostedGroup {
  readonly name: string;
  lag(): Promise<Lag[]>;
  faults: Subscription['faults'];
  /** Partitions that are assigned to this process now. */
  assigned(): number;
}

/** A consumer group that this process has joined. */
export interface JoinedGroup extends HostedGroup {
  /** Finishes the batch in hand and leaves. */
  stop(): Promise<void>;
}

/**
 * Transport of a Nest microservice over the event log: hosts partition runners instead of calling a handler per message, which could
 * neither fold a batch nor move an offset with its state. `listen` joins the groups, `close` finishes the batches in hand and leaves
 * them gracefully.
 */
export class PartitionTransport extends Server implements CustomTransportStrategy {
  override readonly transportId = Symbol('productgraph.partitions');
  readonly #log: Pick<EventLog, 'consume'>;
  readonly #consumers: readonly ConsumeOptions[];
  #hosted: JoinedGroup[] = [];

  constructor(log: Pick<EventLog, 'consume'>, consumers: readonly ConsumeOptions[]) {
    super();
    this.#log = log;
    this.#consumers = consumers;
  }

  /** The groups that were joined. */
  get groups(): readonly HostedGroup[] {
    return this.#hosted;
  }

  async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      for (const consumer of this.#consumers) this.#hosted.push(await joinGroup(this.#log, consumer));
    } catch (error) {
      await this.close();
      callback(error);
      return;
    }
    callback();
  }

  /** Leaves every group, even when leaving one fails. @throws AggregateError */
  async close(): Promise<void> {
    const left = await Promise.allSettled(this.#hosted.splice(0).map((group) => group.stop()));
    const errors = left.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    if (errors.length > 0) throw new AggregateError(errors, 'Some consumer groups could not be left');
  }

  /** Partition runners tell their facts to telemetry; there are no events of a client to listen to. */
  on(event: string): never {
    throw new Error(`The partition transport has no event "${event}"`);
  }

  unwrap(): never {
    throw new Error('The partition transport has no client underneath: see its groups');
  }
}

/** Joins a group and begins to read, counting the partitions that it is given. */
export async function joinGroup(log: Pick<EventLog, 'consume'>, consumer: ConsumeOptions): Promise<JoinedGroup> {
  const { handler } = consumer;
  const mine = new Set<string>();
  const nameOf = ({ topic, partition }: { topic: string; partition: number }): string => `${topic}:${partition}`;
  const subscription = await log.consume({
    ...consumer,
    handler: {
      assigned: (partition, marks) => {
        mine.add(nameOf(partition));
        return handler.assigned(partition, marks);
      },
      batch: (batch) => handler.batch(batch),
      idle: (partition) => handler.idle(partition),
      revoked: (partition) => {
        mine.delete(nameOf(partition));
        return handler.revoked(partition);
      },
    },
  });
  return {
    name: consumer.group,
    lag: () => subscription.lag(),
    faults: () => subscription.faults(),
    assigned: () => mine.size,
    stop: () => subscription.stop(),
  };
}
