import type { Instruments } from '../instruments.ts';
import type { LogLevel } from '../logger.ts';

/** Connections of one pool. */
export interface PoolState {
  readonly total: number;
  readonly idle: number;
  readonly waiting: number;
}

/** Facts of PostgreSQL. */
export interface PostgresFacts {
  /** A pool of that name exists; `read` is called at each scrape. */
  poolOpened(name: string, read: () => PoolState): void;
  /** An idle connection broke; the pool replaces it. */
  connectionLost(fact: { error: unknown }): void;
  /** Who serves the reads that may lag has changed: the replica (`serving`), or the primary while that is `behind` or `down`. */
  replicaTurned(fact: { state: 'serving' | 'behind' | 'down' }): void;
  migrated(fact: { applied: readonly string[]; version: string }): void;
  /** The embedded server is up. */
  serverStarted(fact: { folder: string; port: number; seconds: number }): void;
  /** A line of the embedded server's own log: warnings and worse, and what we do with it. */
  serverSaid(fact: { line: string }): void;
}

export function postgresFacts(instruments: Instruments): PostgresFacts {
  const pools = new Map<string, () => PoolState>();
  instruments.gauge({
    name: 'productgraph_postgres_connections',
    help: 'Connections per pool: total, idle, and requests waiting for one.',
    labels: ['pool', 'state'],
    collect(gauge) {
      for (const [pool, read] of pools) {
        for (const [state, count] of Object.entries(read())) gauge.set({ pool, state }, count as number);
      }
    },
  });
  const lost = instruments.counter({
    name: 'productgraph_postgres_lost_connections_total',
    help: 'Idle connections to PostgreSQL that broke; the pool opens others.',
  });
  return {
    poolOpened: (name, read) => void pools.set(name, read),
    connectionLost({ error }) {
      lost.inc();
      instruments.noteSometimes('warn', 'postgres.connection_lost', {
        message: 'A connection to PostgreSQL broke',
        fields: { err: error },
      });
    },
    replicaTurned: replicaFact(instruments),
    migrated: ({ applied, version }) =>
      instruments.note('info', 'postgres.migrated', {
        message: applied.length === 0 ? 'The database is up to date' : 'The database was migrated',
        fields: { applied: applied.length, version },
      }),
    serverStarted: (fact) =>
      instruments.note('info', 'postgres.server_started', { message: 'Embedded PostgreSQL started', fields: fact }),
    serverSaid: ({ line }) => instruments.note(levelOf(line), 'postgres.server_said', { message: line }),
  };
}

function replicaFact(instruments: Instruments): PostgresFacts['replicaTurned'] {
  const turns = instruments.counter({
    name: 'productgraph_postgres_replica_turns_total',
    help: 'Times the replica of PostgreSQL began to serve reads, or was left because it lagged (behind) or failed (down).',
    labels: ['state'],
  });
  return ({ state }) => {
    turns.inc({ state });
    const message =
      state === 'serving' ? 'The replica serves reads' : `The primary serves reads: the replica is ${state}`;
    instruments.noteSometimes(state === 'down' ? 'warn' : 'debug', 'postgres.replica_turned', { message });
  };
}

/** Of the server's own lines only what people must know; what the launcher says of itself is for people anyway. */
function levelOf(line: string): LogLevel {
  if (line.includes(' PANIC: ')) return 'error';
  if (line.includes(' WARNING: ')) return 'warn';
  return /^\d{4}-\d\d-\d\d /.test(line) ? 'debug' : 'info';
}
