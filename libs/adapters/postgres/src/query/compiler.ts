import type { SessionProperty } from '@productgraph/domain-query';

/** PostgreSQL types that parameters are sent as. */
export type ParameterType =
  | 'bigint'
  | 'double precision'
  | 'double precision[]'
  | 'integer'
  | 'jsonb'
  | 'text'
  | 'text[]'
  | 'timestamptz'
  | 'timestamptz[]'
  | 'uuid';

/** What a merged session can be asked for. */
export type SessionColumn = SessionProperty | 'userKeys';

/** State while one statement is written: its parameters, and what it needs of sessions. */
export interface Compiler {
  readonly values: unknown[];
  /** Session columns that the statement reads; empty and `joinsSessions` false = events alone. */
  readonly sessionColumns: Set<SessionColumn>;
  joinsSessions: boolean;
}

export function newCompiler(): Compiler {
  return { values: [], sessionColumns: new Set(), joinsSessions: false };
}

/** Adds a parameter and gives the text that stands for it: user values never become part of the statement. */
export function parameter(compiler: Compiler, value: unknown, type: ParameterType): string {
  compiler.values.push(value);
  return `$${compiler.values.length}::${type}`;
}

/** Unix milliseconds as a parameter of type timestamptz. */
export function timeParameter(compiler: Compiler, at: number): string {
  return parameter(compiler, isoTime(at), 'timestamptz');
}

export function isoTime(at: number): string {
  return new Date(at).toISOString();
}

/** A time expression as whole Unix milliseconds, `bigint`. */
export function milliseconds(expression: string): string {
  return `round(date_part('epoch', ${expression}) * 1000)::bigint`;
}
