import type { ClickHouseSettings } from '@clickhouse/client';
import { InvalidQuestion, outOfTime, type QueryOptions, QueryTooExpensive } from '@productgraph/domain-query';
import type { ClickHouseNode, Statement } from '../client/connection.ts';
import { codeOf, isRetryable } from '../client/faults.ts';
import type { Asking } from './asking.ts';
import type { Query } from './compiler.ts';
import type { Reading } from './tables.ts';

interface Bounds {
  /** Servers that can answer, each alone. */
  readonly nodes: readonly ClickHouseNode[];
  readonly reading: Reading;
  /** On each server. */
  readonly memoryBytes: number;
  readonly options: QueryOptions;
}

/** The time budget bounds all statements of a question together; whatever still runs when it is up, or when the asker goes, is ended. */
export async function withinBudget<T>(bounds: Bounds, work: (asking: Asking) => Promise<T>): Promise<T> {
  const { budget, signal } = bounds.options;
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(outOfTime(budget)), budget.timeMs);
  const stopped = signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]);
  try {
    return await work(askingOf(bounds, stopped));
  } catch (error) {
    stopped.throwIfAborted();
    throw translated(error, bounds.options);
  } finally {
    clearTimeout(timer);
  }
}

function askingOf(bounds: Bounds, signal: AbortSignal): Asking {
  const settings = settingsFor(bounds);
  const statement = ({ sql, params }: Query): Statement => ({ sql, params, settings, signal });
  return {
    options: bounds.options,
    reading: bounds.reading,
    rows: (query) => onSomeNode(bounds.nodes, signal, (node) => node.rows(statement(query))),
    each: (query, take) => onSomeNode(bounds.nodes, signal, (node) => node.each(statement(query), take)),
  };
}

/** Texts of parameters, bytes: they travel to the other shards as part of the statement. */
const MAX_STATEMENT = 64 * 1024 ** 2;

function settingsFor({ memoryBytes, options }: Bounds): ClickHouseSettings {
  const half = String(Math.floor(memoryBytes / 2));
  return {
    // Only then does the server end a query whose asker has gone.
    readonly: '2',
    max_execution_time: Math.max(0.001, options.budget.timeMs / 1000),
    timeout_overflow_mode: 'throw',
    max_memory_usage: String(memoryBytes),
    max_bytes_before_external_group_by: half,
    max_bytes_before_external_sort: half,
    max_query_size: String(MAX_STATEMENT),
    max_ast_elements: '1000000',
    max_expanded_ast_elements: '5000000',
    // Copies of an event have one time, so they lie in one month.
    do_not_merge_across_partitions_select_final: 1,
    precise_float_parsing: 1,
    output_format_json_quote_denormals: 0,
    // Keeps the connection from being taken for dead while the server works.
    send_progress_in_http_headers: 1,
    http_headers_progress_interval_ms: '5000',
  };
}

/** Asks one node, the next one only when it could not be reached: a question that was too much for one is so for all. */
async function onSomeNode<T>(
  nodes: readonly ClickHouseNode[],
  signal: AbortSignal,
  work: (node: ClickHouseNode) => Promise<T>,
): Promise<T> {
  const first = Math.floor(Math.random() * nodes.length);
  for (let i = 0; ; i++) {
    signal.throwIfAborted();
    const node = nodes[(first + i) % nodes.length];
    if (node === undefined) throw new RangeError('No server is named');
    try {
      return await work(node);
    } catch (error) {
      if (i + 1 >= nodes.length || codeOf(error) !== '' || !isRetryable(error)) throw error;
    }
  }
}

const TIMEOUT_EXCEEDED = '159';
const QUERY_WAS_CANCELLED = '394';
const OUT_OF_TIME = new Set([TIMEOUT_EXCEEDED, QUERY_WAS_CANCELLED]);

const CANNOT_COMPILE_REGEXP = '427';

/** Memory, of a query or of the whole server; a statement too big to be parsed. */
const OUT_OF_MEMORY = new Set(['241', '62', '168', '306', '452']);

/** The HTTP server's bound on a parameter or a statement that comes with long parameters. */
const TOO_LONG = 'Field value too long';

function translated(error: unknown, { budget }: QueryOptions): unknown {
  const code = codeOf(error);
  if (error instanceof Error && error.message.includes(TOO_LONG)) return new InvalidQuestion(['filter: is too long']);
  if (OUT_OF_TIME.has(code)) return outOfTime(budget);
  if (code === CANNOT_COMPILE_REGEXP) return new InvalidQuestion(['filter: a regular expression is too complex']);
  if (OUT_OF_MEMORY.has(code)) {
    return new QueryTooExpensive('memory', 'The question needs more memory than there is: ask for a shorter range.');
  }
  return error;
}
