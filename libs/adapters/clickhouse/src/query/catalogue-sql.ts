import { type CatalogueQuestion, fieldNamed, lowerAscii } from '@productgraph/domain-query';
import { milliseconds, newCompiler, parameter, type Query } from './compiler.ts';
import { all } from './conditions.ts';
import { type Names, textOf } from './fields.ts';
import { jsonKeysSql } from './json.ts';
import { eventNames, rangeSql, scopeSql, selectEvents } from './source.ts';
import type { Reading } from './tables.ts';

/** Names or values with the number of events that have them, most frequent first. */
export function catalogueStatement(question: CatalogueQuestion, reading: Reading): Query {
  const compiler = newCompiler(reading);
  const names = eventNames(compiler);
  const conditions = [...scopeSql(names, question), ...rangeSql(names, question)];
  const value = valueSql(names, question);
  const wanted = ['isNotNull(value)'];
  if (question.search !== null) {
    wanted.push(`position(lower(value), ${parameter(compiler, lowerAscii(question.search), 'String')}) > 0`);
  }
  const limit = parameter(compiler, question.limit, 'UInt64');
  const sql = selectEvents(compiler, {
    columns: [`${value} AS value`, 'count() AS count', `${milliseconds('max(e.timestamp)')} AS lastSeen`],
    conditions,
    scope: question,
    tail: `GROUP BY value\nHAVING ${all(wanted)}\nORDER BY count DESC, value LIMIT ${limit}`,
  });
  return { sql, params: compiler.params };
}

function valueSql(names: Names, { of, field }: CatalogueQuestion): string {
  if (of === 'eventNames') return 'ifNull(e.name, e.type)';
  if (of === 'properties') return `arrayJoin(${jsonKeysSql(names.compiler, 'e.properties')})`;
  return textOf(names, fieldNamed(field ?? ''));
}
