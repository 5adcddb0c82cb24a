import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { promisify } from 'node:util';
import { gzip, zstdCompress } from 'node:zlib';
import { ClickHouseLogLevel, createClient, type ClickHouseClient, type ClickHouseSettings } from '@clickhouse/client';
import {
  compileClickHouseOptions,
  type ClickHouseOptions,
  type CompiledClickHouseOptions,
  type NodeAddress,
} from '../options.ts';
import { ClickHouseUnavailable, isRetryable, reasonOf } from './faults.ts';

/** One statement. Values come as parameters `{name:Type}`, never in its text. */
export interface Statement {
  readonly sql: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly settings?: ClickHouseSettings;
  readonly signal?: AbortSignal;
  /** Under which the server knows it, e.g. to kill it. */
  readonly queryId?: string;
}

/** Rows of one insert, in the format that the statement names. */
export interface Insert {
  /** `INSERT INTO … FORMAT …` */
  readonly sql: string;
  readonly body: readonly Uint8Array[];
  readonly settings: ClickHouseSettings;
}

/** One server. */
export interface ClickHouseNode {
  /** `host:port` */
  readonly name: string;
  /** Rows as objects; 64-bit integers as numbers. */
  rows<T>(statement: Statement): Promise<T[]>;
  /** Hands over rows one by one as they arrive; none is kept. A fault of `take` ends it. */
  each(statement: Statement, take: (row: unknown) => void): Promise<void>;
  /** A statement without rows. */
  command(statement: Statement): Promise<void>;
  insert(insert: Insert): Promise<void>;
}

/** Connections to all servers, shared by everything in a process that uses them. */
export interface ClickHouse {
  /** Null = one server by itself. */
  readonly cluster: string | null;
  readonly database: string;
  /** Replicas of each shard. */
  readonly shards: readonly (readonly ClickHouseNode[])[];
  /**
   * Asks any node, the next one when it cannot be reached.
   * @throws ClickHouseUnavailable when none answers; what is wrong with the statement as it is
   */
  rows<T>(statement: Statement): Promise<T[]>;
  /**
   * Does it on a replica of the shard (from 0), on the next one when trying again may help.
   * @throws ClickHouseUnavailable; what is wrong with the work itself as it is
   */
  onShard<T>(shard: number, work: (node: ClickHouseNode) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** For every statement: numbers as they are, one block per insert, nothing gathered behind our back. */
const SETTINGS: ClickHouseSettings = {
  output_format_json_quote_64bit_integers: 0,
  output_format_json_quote_denormals: 1,
  date_time_output_format: 'iso',
  async_insert: 0,
  // A client that is gone needs no answer.
  cancel_http_readonly_queries_on_client_close: 1,
  // Without it a fault after the first rows would come as text among them.
  wait_end_of_query: 1,
};

/** Makes no connection yet: the driver connects with the first statement. @throws InvalidClickHouseOptions */
export function connectClickHouse(options: ClickHouseOptions): ClickHouse {
  const compiled = compileClickHouseOptions(options);
  const clients: ClickHouseClient[] = [];
  const shards = compiled.shards.map((replicas) =>
    replicas.map((address) => {
      const client = clientOf(address, compiled);
      clients.push(client);
      return nodeOf(client, address, compiled);
    }),
  );
  const nodes = shards.flat();
  let next = 0;
  return {
    cluster: compiled.cluster,
    database: compiled.database,
    shards,
    rows: (statement) => {
      next = (next + 1) % nodes.length;
      return firstThatAnswers([...nodes.slice(next), ...nodes.slice(0, next)], (node) => node.rows(statement));
    },
    onShard: async (shard, work) => firstThatAnswers(shards[shard] ?? [], work),
    close: async () => {
      await Promise.all(clients.map((client) => client.close()));
    },
  };
}

async function firstThatAnswers<T>(
  nodes: readonly ClickHouseNode[],
  work: (node: ClickHouseNode) => Promise<T>,
): Promise<T> {
  let last: unknown = new RangeError('There is no such shard');
  for (const node of nodes) {
    try {
      return await work(node);
    } catch (error) {
      if (!isRetryable(error)) throw error;
      last = error;
    }
  }
  throw last;
}

function clientOf(address: NodeAddress, options: CompiledClickHouseOptions): ClickHouseClient {
  return createClient({
    url: address.url,
    username: address.username,
    password: address.password,
    database: options.database,
    application: 'productgraph',
    request_timeout: options.timeoutMs,
    max_open_connections: options.connections,
    compression: { response: true, request: false },
    clickhouse_settings: SETTINGS,
    // Parameters that are too long for an address go in the body.
    use_multipart_params_auto: true,
    // The server closes idle connections after 3 s (10 s in newer ones): the client does so first.
    keep_alive: { enabled: true, idle_socket_ttl: 2_000, eagerly_destroy_stale_sockets: true },
    log: { level: ClickHouseLogLevel.OFF },
    ...(options.ca !== null && { tls: { ca_cert: Buffer.from(options.ca) } }),
  });
}

function nodeOf(client: ClickHouseClient, { name }: NodeAddress, options: CompiledClickHouseOptions): ClickHouseNode {
  const pack = packers[options.compression];
  return {
    name,
    rows: async <T>(statement: Statement) =>
      guarded(name, async () => {
        const result = await client.query({ query: statement.sql, format: 'JSONEachRow', ...callOf(statement) });
        return result.json<T>();
      }),
    each: async (statement, take) =>
      guarded(name, async () => {
        const result = await client.query({ query: statement.sql, format: 'JSONEachRow', ...callOf(statement) });
        for await (const rows of result.stream()) for (const row of rows) take(row.json());
      }),
    command: async (statement) =>
      guarded(name, async () => {
        await client.command({ query: statement.sql, ...callOf(statement) });
      }),
    insert: async ({ sql, body, settings }) =>
      guarded(name, async () => {
        const { values, http_headers } = await pack(body);
        const { stream } = await client.exec({ query: sql, values, http_headers, clickhouse_settings: settings });
        await drain(stream);
      }),
  };
}

interface Packed {
  readonly values: Readable;
  readonly http_headers: Record<string, string>;
}

const gzipped = promisify(gzip);
const zstded = promisify(zstdCompress);

const packers = {
  none: async (body) => ({ values: streamOf(body), http_headers: {} }),
  gzip: async (body) => ({
    values: streamOf([await gzipped(Buffer.concat(body), { level: 1 })]),
    http_headers: { 'Content-Encoding': 'gzip' },
  }),
  zstd: async (body) => ({
    values: streamOf([await zstded(Buffer.concat(body))]),
    http_headers: { 'Content-Encoding': 'zstd' },
  }),
} as const satisfies Record<string, (body: readonly Uint8Array[]) => Promise<Packed>>;

const streamOf = (body: readonly Uint8Array[]): Readable => Readable.from(body, { objectMode: false });

async function drain(stream: Readable): Promise<void> {
  stream.resume();
  await finished(stream);
}

interface Call {
  readonly query_params?: Record<string, unknown>;
  readonly clickhouse_settings?: ClickHouseSettings;
  readonly abort_signal?: AbortSignal;
  readonly query_id?: string;
}

function callOf({ params, settings, signal, queryId }: Statement): Call {
  return {
    ...(params && { query_params: { ...params } }),
    ...(settings && { clickhouse_settings: settings }),
    ...(signal && { abort_signal: signal }),
    ...(queryId !== undefined && { query_id: queryId }),
  };
}

async function guarded<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ClickHouseUnavailable || !isRetryable(error)) throw error;
    throw new ClickHouseUnavailable(`ClickHouse at ${name}: ${reasonOf(error)}`, { cause: error });
  }
}
