import type { Clock } from '@productgraph/kernel';
import type { PartitionSend, Sender } from './sender.ts';

/** Records of one partition from one append; they stay together. */
export interface Piece extends PartitionSend {
  readonly bytes: number;
  /** When it came, Unix milliseconds. */
  readonly at: number;
  /** Nobody waits for it any more: it need not be sent. */
  readonly abandoned: () => boolean;
  readonly stored: (firstOffset: number) => void;
  readonly failed: (error: unknown) => void;
}

export interface LaneOptions {
  readonly sender: Sender;
  readonly clock: Clock;
  /** While sends follow each other, a piece waits so long for others, milliseconds. */
  readonly lingerMs: number;
  /** A send of so many bytes does not wait for more. */
  readonly lingerBytes: number;
  /** Bounds on one send. */
  readonly maxSendBytes: number;
  readonly maxSendRecords: number;
  readonly maxPartitionBytes: number;
}

/**
 * One producer and what waits for it: exactly one send is under way. A piece that finds none goes at once, with all that comes in the
 * same turn of the event loop; what comes while one is under way goes together, and lingers for more.
 */
export class Lane {
  readonly #options: LaneOptions;
  #queue: Piece[] = [];
  #queuedBytes = 0;
  #sending = false;
  /** Something came while a send was under way: there are several who append, and more will come. */
  #crowded = false;
  #running: Promise<void> | null = null;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  add(piece: Piece): void {
    this.#queue.push(piece);
    this.#queuedBytes += piece.bytes;
    this.#crowded ||= this.#sending;
    this.#running ??= this.#run();
  }

  /** Resolves when nothing is waiting or under way. */
  async drain(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0) {
      // What comes in the same turn of the event loop goes together.
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#crowded) await this.#linger();
      await this.#send(this.#take());
    }
    this.#running = null;
  }

  async #linger(): Promise<void> {
    const { clock, lingerMs, lingerBytes } = this.#options;
    const wait = (this.#queue[0]?.at ?? 0) + lingerMs - clock.now();
    if (wait > 0 && this.#queuedBytes < lingerBytes) await clock.sleep(wait);
  }

  /** The longest waiting ones that fit into one send; each partition's in order. What nobody waits for is left out. */
  #take(): Piece[] {
    const { maxSendBytes, maxSendRecords, maxPartitionBytes } = this.#options;
    const taken: Piece[] = [];
    const left: Piece[] = [];
    const perPartition = new Map<string, number>();
    let bytes = 0;
    let records = 0;
    for (const piece of this.#queue) {
      if (piece.abandoned()) {
        piece.failed(new Error('It was not sent in time'));
        continue;
      }
      const key = `${piece.topic} ${piece.partition}`;
      const inPartition = (perPartition.get(key) ?? 0) + piece.bytes;
      const fits =
        taken.length === 0 ||
        (bytes + piece.bytes <= maxSendBytes &&
          records + piece.records.length <= maxSendRecords &&
          (inPartition === piece.bytes || inPartition <= maxPartitionBytes));
      if (fits) {
        taken.push(piece);
        perPartition.set(key, inPartition);
        bytes += piece.bytes;
        records += piece.records.length;
      } else {
        left.push(piece);
        // Nothing of this partition may overtake it.
        perPartition.set(key, Number.POSITIVE_INFINITY);
      }
    }
    this.#queue = left;
    this.#queuedBytes = left.reduce((sum, piece) => sum + piece.bytes, 0);
    return taken;
  }

  async #send(pieces: readonly Piece[]): Promise<void> {
    if (pieces.length === 0) return;
    const sends = [...Map.groupBy(pieces, ({ topic, partition }) => `${topic} ${partition}`).values()];
    this.#sending = true;
    this.#crowded = false;
    try {
      const firsts = await this.#options.sender.send(sends.map(merge));
      this.#sending = false;
      for (const [index, group] of sends.entries()) settle(group, firsts[index] ?? 0);
    } catch (error) {
      this.#sending = false;
      for (const piece of pieces) piece.failed(error);
    }
  }
}

function merge(group: readonly Piece[]): PartitionSend {
  const { topic = '', partition = 0 } = group[0] ?? {};
  return { topic, partition, records: group.flatMap(({ records }) => records) };
}

/** Records of a partition are stored in the order in which they were handed over. */
function settle(group: readonly Piece[], first: number): void {
  let next = first;
  for (const piece of group) {
    piece.stored(next);
    next += piece.records.length;
  }
}
