import { packBytes } from '@productgraph/contracts';
import type { Clock, LogIntake } from '@productgraph/kernel';
import type { IngestFacts } from '@productgraph/platform-telemetry';
import { AppendGroup, type RecordSupply } from './append-group.ts';
import { OpenRecord } from './open-record.ts';

export interface PackerOptions {
  readonly log: Pick<LogIntake, 'append'>;
  readonly clock: Clock;
  readonly facts: Pick<IngestFacts, 'eventsAppended' | 'appendFailed'>;
  /** Names this process in log records. */
  readonly producer: string;
  /** How payloads are made of NDJSON: as contracts say, unless a benchmark measures what comes before it. */
  readonly pack?: (ndjson: Uint8Array) => Uint8Array;
}

/** Gathers requests into appends. */
export interface Packer {
  /**
   * Adds what `fill` adds, in this very turn, to the append that leaves next.
   * Resolves when it is durable.
   * @throws the log's error: nothing is known about what was added then
   */
  add(fill: (group: AppendGroup) => void): Promise<void>;
}

/** Appends on their way at once; meanwhile requests gather for the next one. */
const APPENDS = 4;
/** Bytes of events after which a group takes no more requests. */
const GROUP_BYTES = 4 * 1024 * 1024;
/** Empty records kept for use, 260 KB each. */
const SPARE_RECORDS = 32;

interface Waiting {
  readonly group: AppendGroup;
  readonly openedAt: number;
  readonly done: PromiseWithResolvers<null>;
}

function createSupply({ producer, pack = packBytes }: PackerOptions): RecordSupply {
  const spare: OpenRecord[] = [];
  return {
    producer,
    pack,
    take: () => spare.pop() ?? new OpenRecord(),
    giveBack(record) {
      if (spare.length < SPARE_RECORDS) spare.push(record);
    },
  };
}

/**
 * Requests that arrive in the same turn of the event loop, or while {@link APPENDS} appends are on their way, share one append and its
 * records. Alone, a request waits for nothing; under load records become large, which compresses them better and spares the log and
 * every reader the cost of a record per request.
 */
class GroupingPacker implements Packer {
  readonly #options: PackerOptions;
  readonly #supply: RecordSupply;
  /** Groups in the order opened; only the last one takes requests. */
  readonly #queue: Waiting[] = [];
  #isOpen = false;
  #scheduled = false;
  #underWay = 0;

  constructor(options: PackerOptions) {
    this.#options = options;
    this.#supply = createSupply(options);
  }

  async add(fill: (group: AppendGroup) => void): Promise<void> {
    const waiting = this.#openGroup();
    fill(waiting.group);
    if (waiting.group.bytes >= GROUP_BYTES) this.#isOpen = false;
    this.#schedule();
    await waiting.done.promise;
  }

  #openGroup(): Waiting {
    const last = this.#queue.at(-1);
    if (this.#isOpen && last !== undefined) return last;
    const done = Promise.withResolvers<null>();
    const opened = { group: new AppendGroup(this.#supply), openedAt: this.#options.clock.now(), done };
    this.#queue.push(opened);
    this.#isOpen = true;
    return opened;
  }

  #schedule(): void {
    if (this.#scheduled || this.#underWay >= APPENDS || this.#queue.length === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      const next = this.#queue.shift();
      if (this.#queue.length === 0) this.#isOpen = false;
      if (next !== undefined) void this.#send(next);
      this.#schedule();
    });
  }

  async #send({ group, openedAt, done }: Waiting): Promise<void> {
    const { log, clock, facts } = this.#options;
    const { events } = group;
    this.#underWay++;
    try {
      const appends = group.seal();
      if (appends.length > 0) await log.append(appends);
      const records = appends.reduce((sum, append) => sum + append.records.length, 0);
      facts.eventsAppended({ events, records, seconds: (clock.now() - openedAt) / 1_000 });
      done.resolve(null);
    } catch (error) {
      facts.appendFailed({ events, error });
      done.reject(error);
    } finally {
      this.#underWay--;
      this.#schedule();
    }
  }
}

/** @see Packer */
export function createPacker(options: PackerOptions): Packer {
  return new GroupingPacker(options);
}
