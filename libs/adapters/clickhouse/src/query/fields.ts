import type { Field, SessionProperty } from '@productgraph/domain-query';
import { type Compiler, milliseconds } from './compiler.ts';
import { jsonAtSql, jsonTextSql, spelledNumberSql } from './json.ts';

/** `pagePath` → `page_path`. */
function snakeCase(property: string): string {
  return property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Column of a merged session that holds a property. */
export function sessionColumn(property: SessionProperty): string {
  if (property === 'start') return 'started_at';
  return property === 'end' ? 'ended_at' : snakeCase(property);
}

/** How a statement names a property of a session: of the one around an event, or of a row of merged sessions. */
export type SessionNames = (compiler: Compiler, property: SessionProperty) => string;

/** Number of values in front of the columns in the tuple of an event's session: start, id, part, end. */
const SESSION_HEAD = 4;

/** Of the session around the event: an element of the tuple `s`; null where the event is in none. */
export const ofEventSession: SessionNames = (compiler, property) => {
  compiler.joinsSessions = true;
  compiler.sessionColumns.add(property);
  const index = [...compiler.sessionColumns].indexOf(property);
  return `tupleElement(s, ${SESSION_HEAD + index + 1})`;
};

/** Of a row `s` of merged sessions. */
export const ofSessionRow: SessionNames = (_, property) => `s.${sessionColumn(property)}`;

/** Where a condition finds its values: events `e`, and sessions by one of the two ways. */
export interface Names {
  readonly compiler: Compiler;
  readonly session: SessionNames;
}

/** The field's value in its own type; of JSON its text, empty where there is none. */
function rawOf({ compiler, session }: Names, field: Field): string {
  const { source } = field;
  switch (source.kind) {
    case 'event':
      return `e.${snakeCase(source.property)}`;
    case 'flag':
      return `toBool(bitAnd(e.flags, ${source.bit}) != 0)`;
    case 'session':
      return session(compiler, source.property);
    case 'json':
      return jsonAtSql(compiler, `e.${source.property}`, source.place);
  }
}

/** The field's value as text, ordered by bytes; null when not set. */
export function textOf(names: Names, field: Field): string {
  const raw = rawOf(names, field);
  switch (field.type) {
    case 'text':
      return raw;
    case 'json':
      return jsonTextSql(names.compiler, field.source.kind === 'json' ? raw : `ifNull(${raw}, '')`);
    case 'time':
      return `toString(${milliseconds(raw)})`;
    default:
      return `toString(${raw})`;
  }
}

/** The field's value as Float64; null when it is no number. */
export function numberOf(names: Names, field: Field): string {
  switch (field.type) {
    case 'number':
      return `toFloat64(${rawOf(names, field)})`;
    case 'time':
      return `toFloat64(${milliseconds(rawOf(names, field))})`;
    case 'json':
      return spelledNumberSql(names.compiler, textOf(names, field));
    default:
      return "CAST(NULL, 'Nullable(Float64)')";
  }
}
