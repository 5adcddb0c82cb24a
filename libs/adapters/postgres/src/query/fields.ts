import type { Field, SessionProperty } from '@productgraph/domain-query';
import { type Compiler, milliseconds, parameter } from './compiler.ts';

/** `pagePath` → `page_path`. */
function snakeCase(property: string): string {
  return property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Column of the merged session (alias `s`) that holds a property. */
function sessionColumn(property: SessionProperty): string {
  if (property === 'start') return 'started_at';
  return property === 'end' ? 'ended_at' : snakeCase(property);
}

/** The field's value in its own SQL type, from `e` (event) or `s` (merged session). */
function rawOf(compiler: Compiler, field: Field): string {
  const { source } = field;
  switch (source.kind) {
    case 'event':
      return `e.${quoted(snakeCase(source.property))}`;
    case 'flag':
      return `(e.flags & ${source.bit} <> 0)`;
    case 'session':
      compiler.joinsSessions = true;
      compiler.sessionColumns.add(source.property);
      return `s.${sessionColumn(source.property)}`;
    case 'json': {
      const { key, path } = source.place;
      const column = `e.${source.property}`;
      const whole = `${column} -> ${parameter(compiler, key, 'text')}`;
      return path.length < 2 ? whole : `coalesce(${whole}, ${column} #> ${parameter(compiler, path, 'text[]')})`;
    }
  }
}

function quoted(column: string): string {
  return column === 'timestamp' ? '"timestamp"' : column;
}

/** The field's value as text, collation "C"; null when not set. */
export function textOf(compiler: Compiler, field: Field): string {
  const raw = rawOf(compiler, field);
  switch (field.type) {
    case 'text':
      return raw;
    case 'json':
      return `((${raw}) #>> '{}') COLLATE "C"`;
    case 'time':
      return `${milliseconds(raw)}::text COLLATE "C"`;
    default:
      return `${raw}::text COLLATE "C"`;
  }
}

/**
 * The number that a text spells, null when it is none; both checks at once are fulfilled by what `numberOf` of the domain
 * takes for a number (a regular expression takes several times as long). The text is looked at three times: it must be a column.
 */
function spelledNumber(v: string): string {
  return `CASE WHEN pg_input_is_valid(${v}, 'double precision') AND pg_input_is_valid(${v}, 'json') THEN ${v}::double precision END`;
}

/** A field to be summed: its value, and how to make a number of it in an outer SELECT where that is still to be done. */
export function amountOf(compiler: Compiler, field: Field): { value: string; number?: (column: string) => string } {
  if (field.type !== 'json') return { value: numberOf(compiler, field) };
  return { value: `(${rawOf(compiler, field)}) #>> '{}'`, number: spelledNumber };
}

/** The field's value as double precision; null when it is no number. */
export function numberOf(compiler: Compiler, field: Field): string {
  const raw = rawOf(compiler, field);
  switch (field.type) {
    case 'number':
      return `${raw}::double precision`;
    case 'time':
      return `${milliseconds(raw)}::double precision`;
    case 'json':
      return `(SELECT ${spelledNumber('v')} FROM (SELECT (${raw}) #>> '{}' AS v OFFSET 0) t)`;
    default:
      return 'NULL::double precision';
  }
}
