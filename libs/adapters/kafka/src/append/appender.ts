import type { LogRecord } from '@productgraph/contracts';
import { LogUnavailable, type Clock } from '@productgraph/kernel';
import { wireBytes } from '../record-codec.ts';
import { MAX_BATCH_BYTES } from '../topics/settings.ts';
import { Lane } from './lane.ts';
import type { PartitionSend, Sender } from './sender.ts';

export interface AppenderOptions {
  /** Each with one send under way at a time; partitions are spread over them. */
  readonly senders: readonly Sender[];
  readonly clock: Clock;
  /** See {@link Lane}. */
  readonly lingerMs: number;
  /** Bound on memory of what waits or is under way, bytes; beyond it appends are refused. */
  readonly maxPendingBytes: number;
  /** An append that has not been acknowledged by then is given up, milliseconds. */
  readonly patienceMs: number;
}

const KB = 1024;
/** A batch's own header, and room for what was reckoned too low. */
const RESERVE_BYTES = 64 * KB;
const BOUNDS = {
  lingerBytes: 256 * KB,
  maxSendBytes: 4 * 1024 * KB,
  // kafkajs copies a partition's list of records for each record of it.
  maxSendRecords: 2000,
  maxPartitionBytes: MAX_BATCH_BYTES - RESERVE_BYTES,
};
/** How often waiting appends are looked through for those whose time is over. */
const LOOK_MS = 500;

interface Waiting {
  readonly at: number;
  readonly reject: (error: LogUnavailable) => void;
}

/** Takes appends of any size and bounds their memory; {@link Lane}s send them. */
export class Appender {
  readonly #options: AppenderOptions;
  readonly #lanes: readonly Lane[];
  readonly #waiting = new Set<Waiting>();
  #bytes = 0;
  #looking = false;

  constructor(options: AppenderOptions) {
    this.#options = options;
    this.#lanes = options.senders.map((sender) => new Lane({ ...options, ...BOUNDS, sender }));
  }

  /** Bytes of appends that wait or are under way. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Answers the offset of the first record of each append. Records of one append and partition are stored side by side unless they
   * are more than a batch of Kafka holds (1 MB).
   * @throws LogUnavailable
   * @throws RangeError when a record is larger than a batch may be, or an append has none
   */
  append(appends: readonly PartitionSend[]): Promise<number[]> {
    const cuts = appends.map(cut);
    const bytes = cuts.flat().reduce((sum, one) => sum + one.bytes, 0);
    // A single append larger than the bound goes through when nothing else is there: it would never otherwise.
    if (this.#bytes > 0 && this.#bytes + bytes > this.#options.maxPendingBytes) {
      const text = `The log has ${this.#bytes} bytes waiting to be written and takes no more`;
      return Promise.reject(new LogUnavailable(text));
    }
    return new Promise((resolve, reject) => this.#enqueue(cuts, { resolve, reject }));
  }

  /** Resolves when nothing is waiting or under way, and closes the producers. */
  async stop(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.drain()));
    await Promise.all(this.#options.senders.map((sender) => sender.close()));
  }

  #enqueue(
    cuts: readonly (readonly Cut[])[],
    { resolve, reject }: { resolve: (firsts: number[]) => void; reject: (error: LogUnavailable) => void },
  ): void {
    const at = this.#options.clock.now();
    const waiting: Waiting = { at, reject };
    const firsts = cuts.map(() => -1);
    let open = cuts.flat().length;
    const over = (piece: Cut): boolean => {
      this.#bytes -= piece.bytes;
      open--;
      if (open > 0) return false;
      this.#waiting.delete(waiting);
      return true;
    };
    this.#waiting.add(waiting);
    for (const [index, pieces] of cuts.entries()) {
      for (const piece of pieces) {
        this.#bytes += piece.bytes;
        this.#laneOf(piece).add({
          ...piece,
          at,
          abandoned: () => !this.#waiting.has(waiting),
          stored: (first) => {
            if (firsts[index] === -1) firsts[index] = first;
            if (over(piece)) resolve(firsts);
          },
          failed: (error) => {
            over(piece);
            this.#giveUp(waiting, error);
          },
        });
      }
    }
    if (!this.#looking) void this.#look();
  }

  #laneOf({ partition }: PartitionSend): Lane {
    const lane = this.#lanes[partition % this.#lanes.length];
    if (lane === undefined) throw new Error('There is no producer');
    return lane;
  }

  #giveUp(waiting: Waiting, cause: unknown): void {
    this.#waiting.delete(waiting);
    const reason = cause instanceof Error ? cause.message : String(cause);
    waiting.reject(new LogUnavailable(`The log could not be written: ${reason}`, { cause }));
  }

  /** A send may take long inside kafkajs; those who wait for it need not. */
  async #look(): Promise<void> {
    const { clock, patienceMs } = this.#options;
    this.#looking = true;
    while (this.#waiting.size > 0) {
      await clock.sleep(LOOK_MS);
      const late = [...this.#waiting].filter(({ at }) => clock.now() - at >= patienceMs);
      for (const waiting of late) this.#giveUp(waiting, new Error(`no answer within ${patienceMs} ms`));
    }
    this.#looking = false;
  }
}

interface Cut extends PartitionSend {
  readonly bytes: number;
}

/** Pieces of an append that fit into a batch each: one as a rule. */
function cut({ topic, partition, records }: PartitionSend): Cut[] {
  if (records.length === 0) throw new RangeError(`An append to ${topic}[${partition}] has no records`);
  const cuts: { topic: string; partition: number; records: LogRecord[]; bytes: number }[] = [];
  for (const record of records) {
    const bytes = wireBytes(record);
    if (bytes > BOUNDS.maxPartitionBytes) {
      throw new RangeError(`A record of ${bytes} bytes is larger than a batch of the log may be`);
    }
    const last = cuts.at(-1);
    const full = last === undefined || last.bytes + bytes > BOUNDS.maxPartitionBytes;
    if (full || last.records.length >= BOUNDS.maxSendRecords) cuts.push({ topic, partition, records: [record], bytes });
    else {
      last.records.push(record);
      last.bytes += bytes;
    }
  }
  return cuts;
}
