import { fieldNamed, lowerAscii, type CatalogueQuestion } from '@productgraph/domain-query';
import type { Statement } from '../statement.ts';
import { type Compiler, milliseconds, newCompiler, parameter } from './compiler.ts';
import { all } from './conditions.ts';
import { textOf } from './fields.ts';
import { eventsFrom, eventTables, rangeSql, scopeSql, withTables } from './source.ts';

/** Names or values with the number of events that have them, most frequent first. */
export function catalogueStatement(question: CatalogueQuestion): Statement {
  const compiler = newCompiler();
  const conditions = [...scopeSql(compiler, question), ...rangeSql(compiler, question)];
  const value = valueSql(compiler, question);
  const wanted = ['value IS NOT NULL'];
  if (question.search !== null) {
    wanted.push(`strpos(lower(value), ${parameter(compiler, lowerAscii(question.search), 'text')}) > 0`);
  }
  const limit = parameter(compiler, question.limit, 'bigint');
  const events = eventsFrom(compiler, conditions);
  const from = question.of === 'properties' ? keysOf(events) : events;
  const text = `${withTables(eventTables(compiler, question))}SELECT value, count, ${milliseconds('last_seen')} AS "lastSeen"
FROM (
  SELECT ${value} AS value, count(*) AS count, max(e."timestamp") AS last_seen
  ${from}
  GROUP BY 1) v
WHERE ${all(wanted)}
ORDER BY count DESC, value LIMIT ${limit}`;
  return { text, values: compiler.values };
}

function keysOf(events: string): string {
  return `FROM (SELECT e."timestamp", json_object_keys(e.properties) COLLATE "C" AS key ${events}) e`;
}

function valueSql(compiler: Compiler, { of, field }: CatalogueQuestion): string {
  if (of === 'eventNames') return 'coalesce(e.name, e.type)';
  return of === 'properties' ? 'e.key' : textOf(compiler, fieldNamed(field ?? ''));
}
