import type { Pool, PoolClient } from 'pg';
import { codeOf, isRetryable } from './faults.ts';
import { openPool, ReplicaBehind, withTransaction, type Pools, type TransactionOptions } from './pool.ts';
import { runStatement } from './statement.ts';
import { WalPositions } from './wal-positions.ts';

/** A read under way. It may be begun twice, on the replica and then on the primary, and must not mind. */
export type Read<T> = (client: PoolClient) => Promise<T>;

/** Reads that may lag, on a replica where there is one, and their way back to the primary. */
export interface ReadPool {
  /** For writes, and for reads that must not lag. */
  readonly primary: Pool;
  /**
   * Runs a read in one transaction: on the replica while that lags by no more than the bound, else (or when it fails there) on
   * the primary.
   * @param believe of what the replica gave: false = read it again on the primary, e.g. that something does not exist
   * @throws what {@link withTransaction} on the primary does
   */
  read<T>(options: TransactionOptions, work: Read<T>, believe?: (found: T) => boolean): Promise<T>;
  /**
   * Reads of this process that begin from now on see all that is committed by now: called after a write, and when another process
   * tells of one. Costs the next read one question to the primary, and no read the replica for longer than that takes to follow.
   */
  seeWrites(): void;
  /** Closes the connections to the replica; those of `pools` stay. */
  end(): Promise<void>;
}

/** What serves reads that may lag: `behind` and `down` = the primary, until the replica can again. */
export type ReplicaState = 'serving' | 'behind' | 'down';

export interface ReadPoolOptions {
  readonly pools: Pools;
  /** A streaming replica, or one address of several; null = the primary serves everything. */
  readonly replicaUrl: string | null;
  /** Connections to the replica, at most. Default 10. */
  readonly connections?: number;
  /** Bound on the lag, milliseconds, from 100. Default 5,000. */
  readonly maxLagMs?: number;
  /** Who serves has changed. May not throw. */
  readonly onState?: (state: ReplicaState) => void;
}

/** Bound on connecting to a replica, on its answer to a look whether it is there, and on the opening of a transaction. */
const ANSWER_MS = 2_000;

/** No question takes so long: a connection that is silent for this time is dead. */
const SILENCE_MS = 120_000;

/** After it has lagged, or failed, a replica is left alone for so long, milliseconds. */
const REST_MS = { behind: 50, down: 1_000 };

const LOOK = { text: 'SELECT', query_timeout: ANSWER_MS };

/** Faults of a read that say nothing about the server: recovery has taken from it what it read, or a lock. */
const FAULTS_OF_READS = new Set(['40001', '40P01', '55P03', '53200']);

/** Reads that may lag. A replica is used from its first answer on; until then, and without one, the primary serves. */
export function createReadPool(options: ReadPoolOptions): ReadPool {
  const { pools, replicaUrl } = options;
  return replicaUrl === null ? primaryReads(pools.app) : new ReplicaReads(options, replicaUrl);
}

/** Reads where there is no replica. */
export function primaryReads(primary: Pool): ReadPool {
  return {
    primary,
    read: (options, work) => withTransaction(primary, options, work),
    seeWrites: () => undefined,
    end: async () => undefined,
  };
}

class ReplicaReads implements ReadPool {
  readonly primary: Pool;
  readonly #replica: Replica;
  readonly #positions: WalPositions;

  constructor({ pools, ...options }: ReadPoolOptions, url: string) {
    this.primary = pools.app;
    this.#replica = new Replica({ url, connections: options.connections ?? 10, onState: options.onState });
    this.#positions = new WalPositions({
      ask: () => primaryPosition(pools),
      maxLagMs: options.maxLagMs ?? 5_000,
      now: () => performance.now(),
      // Without a position the read goes to the primary, which tells the fault.
      onFault: () => undefined,
    });
  }

  async read<T>(options: TransactionOptions, work: Read<T>, believe: (found: T) => boolean = () => true): Promise<T> {
    options.signal?.throwIfAborted();
    const replayed = this.#replica.isUsable() ? await this.#positions.required() : null;
    const found = replayed === null ? null : await this.#replica.read({ ...options, replayed }, work);
    if (found !== null && believe(found.value)) return found.value;
    return withTransaction(this.primary, options, work);
  }

  seeWrites(): void {
    this.#positions.forget();
  }

  end(): Promise<void> {
    return this.#replica.end();
  }
}

async function primaryPosition(pools: Pools): Promise<string> {
  const text = 'SELECT pg_current_wal_lsn()::text AS position';
  const { rows } = await runStatement<{ position: string }>(pools.statements, 'app', { text, values: [] });
  return rows[0]?.position ?? '';
}

interface ReplicaSettings {
  readonly url: string;
  readonly connections: number;
  readonly onState: ((state: ReplicaState) => void) | undefined;
}

/** Connections to the replica, and whether it is worth a try. */
class Replica {
  readonly #pool: Pool;
  readonly #onState: (state: ReplicaState) => void;
  /** `there`: it has answered; whether it lags, the first read sees. */
  #state: ReplicaState | 'there' = 'down';
  /** Monotonic milliseconds. */
  #restsUntil = 0;

  constructor({ url, connections, onState = () => undefined }: ReplicaSettings) {
    this.#onState = onState;
    const bounds = { connectWithinMs: ANSWER_MS, answerWithinMs: SILENCE_MS };
    // An idle connection that breaks is replaced; what is wrong with the server, the next read learns.
    this.#pool = openPool({ url, max: connections, onError: undefined, ...bounds });
  }

  /** One that has failed is looked for beside the reads, so that none waits for it. */
  isUsable(): boolean {
    if (performance.now() < this.#restsUntil) return false;
    if (this.#state !== 'down') return true;
    void this.#look();
    return false;
  }

  /** What the read gave; null = it has to be done on the primary. @throws what is wrong with the read itself */
  async read<T>(
    options: TransactionOptions & { readonly replayed: string },
    work: Read<T>,
  ): Promise<{ readonly value: T } | null> {
    try {
      const value = await withTransaction(this.#pool, { ...options, openWithinMs: ANSWER_MS }, work);
      this.#turn('serving');
      return { value };
    } catch (error) {
      options.signal?.throwIfAborted();
      if (error instanceof ReplicaBehind) this.#turn('behind');
      else if (!isRetryable(error)) throw error;
      else if (!FAULTS_OF_READS.has(codeOf(error)) && !this.#isFull()) this.#turn('down');
      return null;
    }
  }

  end(): Promise<void> {
    return this.#pool.end();
  }

  /** Then a wait for a connection that was too long is nothing but that. */
  #isFull(): boolean {
    return this.#pool.idleCount === 0 && this.#pool.totalCount === this.#pool.options.max;
  }

  async #look(): Promise<void> {
    // The next look is not begun before this one has ended.
    this.#restsUntil = Number.POSITIVE_INFINITY;
    try {
      await this.#pool.query(LOOK);
      this.#restsUntil = 0;
      this.#state = 'there';
    } catch {
      this.#restsUntil = performance.now() + REST_MS.down;
    }
  }

  #turn(state: ReplicaState): void {
    if (state !== 'serving') this.#restsUntil = performance.now() + REST_MS[state];
    if (state === this.#state) return;
    this.#state = state;
    this.#onState(state);
  }
}
