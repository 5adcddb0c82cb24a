import type { SessionProperty } from '@productgraph/domain-query';
import type { Reading } from './tables.ts';

/** ClickHouse types that parameters are sent as. */
export type ParameterType =
  | 'Array(Float64)'
  | 'Array(Int64)'
  | 'Array(String)'
  | 'Array(UInt32)'
  | 'Float64'
  | 'Int64'
  | 'String'
  | 'UInt64'
  | 'UUID';

/** One SELECT with its parameters by name; `sql` holds `{name:Type}` where they stand. */
export interface Query {
  readonly sql: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** State while one statement is written: its parameters, and what it needs of sessions. */
export interface Compiler {
  /** Tables, and the organisation to which every one that is read is cut, besides the question's project. */
  readonly reading: Reading;
  readonly params: Record<string, unknown>;
  /** Names of parameters by type and value. */
  readonly known: Map<string, string>;
  /** Columns of the session around an event that the statement reads, in order of first use. */
  readonly sessionColumns: Set<SessionProperty>;
  joinsSessions: boolean;
  /** Names given to variables so far. */
  variables: number;
}

export function newCompiler(reading: Reading): Compiler {
  return { reading, params: {}, known: new Map(), sessionColumns: new Set(), joinsSessions: false, variables: 0 };
}

/** Bytes of one parameter: ClickHouse takes 128 KiB in its usual configuration. */
const MAX_PARAMETER = 100_000;

/** Adds a parameter and gives the text that stands for it: user values never become part of the statement. */
export function parameter(compiler: Compiler, value: unknown, type: ParameterType): string {
  if (!Array.isArray(value)) return oneParameter(compiler, value, type);
  const parts = partsOf(value).map((part) => oneParameter(compiler, part, type));
  return parts.length === 1 ? parts.join('') : `arrayConcat(${parts.join(', ')})`;
}

/** The same value of the same type is one parameter. */
function oneParameter({ params, known }: Compiler, value: unknown, type: ParameterType): string {
  const key = `${type} ${JSON.stringify(value)}`;
  const name = known.get(key) ?? `p${known.size + 1}`;
  known.set(key, name);
  params[name] = value;
  return `{${name}:${type}}`;
}

/** A list cut so that each part fits into a parameter. */
function partsOf(list: readonly unknown[]): unknown[][] {
  const parts: unknown[][] = [[]];
  let room = MAX_PARAMETER;
  for (const value of list) {
    // A character is escaped by at most one more; quotes and comma.
    const size = (typeof value === 'string' ? Buffer.byteLength(value) * 2 : 24) + 3;
    if (size > room && room < MAX_PARAMETER) {
      parts.push([]);
      room = MAX_PARAMETER;
    }
    room -= size;
    parts.at(-1)?.push(value);
  }
  return parts;
}

/** What restricts a table (by its alias) to one project of the organisation. Every statement has it for each table it reads. */
export function tenantSql(compiler: Compiler, alias: string, projectId: string): string {
  const [org, project] = [compiler.reading.orgId, projectId].map((id) => parameter(compiler, id, 'UUID'));
  return `${alias}.org_id = ${org ?? ''} AND ${alias}.project_id = ${project ?? ''}`;
}

/** What DateTime64(3) can hold, Unix ms: years 1900 to 2299. No event lies outside. */
const EARLIEST = Date.UTC(1900, 0, 1);
const LATEST = Date.UTC(2299, 11, 31);

/** Unix milliseconds as a parameter, of type DateTime64(3). */
export function timeParameter(compiler: Compiler, at: number): string {
  const value = parameter(compiler, Math.min(LATEST, Math.max(EARLIEST, at)), 'Int64');
  return `fromUnixTimestamp64Milli(${value}, 'UTC')`;
}

/** A time expression as whole Unix milliseconds, Int64. */
export function milliseconds(expression: string): string {
  return `toUnixTimestamp64Milli(${expression})`;
}

/**
 * Gives a value a name within an expression, so that its text is written once however often it is used: nested
 * expressions would grow without bound otherwise.
 */
export function named(compiler: Compiler, value: string, body: (name: string) => string): string {
  const name = `v${++compiler.variables}`;
  return `arrayMap(${name} -> ${body(name)}, [${value}])[1]`;
}
