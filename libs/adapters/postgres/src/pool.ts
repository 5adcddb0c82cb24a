import { isUuid } from '@productgraph/contracts';
import pg, { escapeLiteral, type CustomTypesConfig, type Pool, type PoolClient } from 'pg';

/** The database roles (decisions: one login, a role per transaction); see migrations/0001_roles.sql. */
export type PgRole = 'app' | 'writer' | 'owner';

export interface PoolOptions {
  /** Connection URL of the login; directly to PostgreSQL or to a PgBouncer in transaction mode. */
  readonly url: string;
  /** Connections for questions and metadata, at most. Default 10. */
  readonly appConnections?: number;
  /** Connections for processors, at most. Default 8. */
  readonly writerConnections?: number;
  /** A connection broke while nobody used it; the pool opens another one by itself. */
  readonly onError?: (error: Error) => void;
}

/** Connections by use, so that slow questions cannot starve ingestion of them. */
export interface Pools {
  readonly url: string;
  readonly app: Pool;
  readonly writer: Pool;
  /** Pipelined, for transactions of one statement ({@link runStatement}): one round trip each. No COPY, no cursors. */
  readonly statements: Pool;
  end(): Promise<void>;
}

const INT8_OID: number = pg.types.builtins.INT8;
const JSON_OID: number = pg.types.builtins.JSON;
const textParser = pg.types.getTypeParser as (oid: number, format: 'text' | 'binary') => (value: string) => unknown;

/**
 * How results are read: bigint as number (our offsets, counts and times stay far below 2^53), `json` as the text it is
 * (numbers in it may be beyond 2^53, decisions.md 25); everything else as the driver does.
 */
const RESULT_TYPES: CustomTypesConfig = {
  getTypeParser(oid: number, format: 'text' | 'binary' = 'text'): (value: string) => unknown {
    if (format === 'binary') return textParser(oid, format);
    if (oid === INT8_OID) return Number;
    return oid === JSON_OID ? String : textParser(oid, 'text');
  },
};

const CONNECT_MS = 10_000;

/**
 * Pools that work behind PgBouncer in transaction mode: no named statements, no session settings, no LISTEN. Use them
 * through {@link withTransaction} only: outside a transaction the login's own, role-less rights apply.
 */
export function createPools(options: PoolOptions): Pools {
  const { url, onError } = options;
  const app = openPool({ url, max: options.appConnections ?? 10, onError });
  const writer = openPool({ url, max: options.writerConnections ?? 8, onError });
  const statements = openPool({ url, max: 6, onError, pipeline: true });
  return {
    url,
    app,
    writer,
    statements,
    end: async () => {
      await Promise.all([app.end(), writer.end(), statements.end()]);
    },
  };
}

interface OpenOptions {
  readonly url: string;
  readonly max: number;
  readonly onError: ((error: Error) => void) | undefined;
  /** Send queries without waiting for the answers to those before. */
  readonly pipeline?: boolean;
  /** Bound on the wait for an answer, milliseconds; the connection is given up then. */
  readonly answerWithinMs?: number;
  /** Bound on connecting, and on the wait for a free connection, milliseconds. Default 10,000. */
  readonly connectWithinMs?: number;
}

/** A single pool; {@link createPools} makes the usual ones. */
export function openPool(options: OpenOptions): Pool {
  const { url, max, onError, pipeline = false, answerWithinMs, connectWithinMs = CONNECT_MS } = options;
  const pool = new pg.Pool({
    connectionString: url,
    max,
    pipeline,
    types: RESULT_TYPES,
    connectionTimeoutMillis: connectWithinMs,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    ...(answerWithinMs !== undefined && { query_timeout: answerWithinMs }),
  });
  // Without a listener an idle connection that breaks (server restart) would end our process.
  pool.on('error', (error) => onError?.(error));
  // The same for one that is in use but between two queries; its user learns of it from the next query.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

export interface TransactionOptions {
  readonly role: PgRole;
  /** Tenant for row-level security; needed by every read or write as `app`. */
  readonly orgId?: string;
  readonly projectId?: string;
  /** Aborting cancels the query that is running; the transaction rolls back. */
  readonly signal?: AbortSignal;
  /** Bound on each statement, milliseconds. */
  readonly statementTimeoutMs?: number;
}

/** A transaction on a replica. */
export interface ReplicaOptions extends TransactionOptions {
  /** Position of the primary, as `pg_lsn` in text, up to which the replica must have come. */
  readonly replayed: string;
  /** Bound on the opening of the transaction, milliseconds. */
  readonly openWithinMs: number;
}

/** The replica has not come as far as it must, or is none (any more). */
export class ReplicaBehind extends Error {
  override readonly name = 'ReplicaBehind';
}

/**
 * Runs `work` in one transaction as that role and tenant; commits when it resolves, rolls back when it rejects.
 * @throws the signal's reason when it was aborted, ReplicaBehind, else what `work` or PostgreSQL threw
 */
export async function withTransaction<T>(
  pool: Pool,
  options: TransactionOptions | ReplicaOptions,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  options.signal?.throwIfAborted();
  const opening = openingOf(options);
  const client = await pool.connect();
  // Until the transaction is open nobody knows what is under way.
  let broken = true;
  try {
    const backend = await begin(client, opening);
    broken = false;
    const cancellation = cancelOnAbort(pool, backend, options.signal);
    try {
      if (backend.behind) throw new ReplicaBehind('The replica has not come as far as it must');
      const result = await work(client);
      await cancellation.settled();
      options.signal?.throwIfAborted();
      await commit(client);
      return result;
    } catch (error) {
      await cancellation.settled();
      await client.query('ROLLBACK').catch(() => (broken = true));
      options.signal?.throwIfAborted();
      throw error;
    }
  } catch (error) {
    broken ||= client.getTransactionStatus() !== 'I';
    throw error;
  } finally {
    // A connection whose state is unknown must not be handed to the next user.
    client.release(broken);
  }
}

/** What opens a transaction. */
interface Opening {
  readonly text: string;
  readonly query_timeout?: number;
}

/** The process of the server that works for a connection. */
interface Backend {
  readonly pid: number;
  /** Start of the server: behind one address there may be several, and numbers of processes come again. */
  readonly server: string;
  readonly behind: boolean;
}

/** One round trip opens the transaction and sets role, tenant and bounds, all of them for the transaction only. */
function openingOf(options: TransactionOptions | ReplicaOptions): Opening {
  const { role, orgId, projectId, statementTimeoutMs } = options;
  const settings: [string, string][] = [];
  if (orgId !== undefined) settings.push(['app.org_id', uuid(orgId)]);
  if (projectId !== undefined) settings.push(['app.project_id', uuid(projectId)]);
  if (statementTimeoutMs !== undefined) settings.push(['statement_timeout', String(Math.ceil(statementTimeoutMs))]);
  const calls = settings.map(([name, value]) => `, set_config('${name}', ${escapeLiteral(value)}, true)`);
  const backend = `pg_backend_pid() AS pid, pg_postmaster_start_time()::text AS server, ${behindOf(options)} AS behind`;
  return {
    text: `BEGIN; SET LOCAL ROLE productgraph_${role}; SELECT ${backend}${calls.join('')}`,
    ...('openWithinMs' in options && { query_timeout: options.openWithinMs }),
  };
}

/** What follows in the transaction sees at least what is replayed now. Null, and so behind, where the server is a primary. */
function behindOf(options: TransactionOptions | ReplicaOptions): string {
  if (!('replayed' in options)) return 'false';
  return `(pg_is_in_recovery() AND pg_last_wal_replay_lsn() >= ${escapeLiteral(options.replayed)}::pg_lsn) IS NOT TRUE`;
}

function uuid(id: string): string {
  if (!isUuid(id)) throw new TypeError('Not a UUID: organisation and project ids are');
  return id;
}

async function begin(client: PoolClient, opening: Opening): Promise<Backend> {
  // Several statements in one message answer with several results; the driver's types know only the single one.
  const results = (await client.query(opening)) as unknown as { rows: Backend[] }[];
  return results.at(-1)?.rows[0] ?? { pid: 0, server: '', behind: true };
}

/** A transaction in which a statement failed answers COMMIT with ROLLBACK, not with an error. */
async function commit(client: PoolClient): Promise<void> {
  const { command } = await client.query('COMMIT');
  if (command !== 'COMMIT') throw new Error('The transaction was rolled back because a statement in it had failed');
}

interface Cancellation {
  /** Stops listening; resolves when a cancel request under way is done, so that it cannot hit a later transaction. */
  settled(): Promise<void>;
}

/** Cancels by a second connection, which PgBouncer passes on like any query (unlike the protocol's cancel message's key). */
function cancelOnAbort(pool: Pool, backend: Backend, signal: AbortSignal | undefined): Cancellation {
  if (signal === undefined) return { settled: async () => undefined };
  let request: Promise<unknown> | undefined;
  const onAbort = (): void => {
    // A cancel request that fails leaves the query to its statement timeout.
    request ??= cancelBackend(pool.options.connectionString ?? '', backend).catch(() => undefined);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  return {
    settled: async () => {
      signal.removeEventListener('abort', onAbort);
      await request;
    },
  };
}

/** A connection of its own: with every pooled one busy in long queries, a cancel must not wait for one of them. */
async function cancelBackend(url: string, { pid, server }: Backend): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MS });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('SELECT pg_cancel_backend($1) WHERE pg_postmaster_start_time()::text = $2', [pid, server]);
  } finally {
    await client.end();
  }
}
