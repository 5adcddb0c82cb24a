import { CURSOR_SHAPES, decodeCursor, type EventsQuestion } from '@productgraph/domain-query';
import { EVENT_COLUMNS } from '../event-store/event-rows.ts';
import type { Statement } from '../statement.ts';
import { newCompiler, parameter, timeParameter } from './compiler.ts';
import { selectorSql } from './conditions.ts';
import { eventsFrom, eventTables, rangeSql, scopeSql, withTables } from './source.ts';

/** A page of rows of `events`, newest first, within a part of the range. */
export function eventsStatement(question: EventsQuestion, range: { from: number; to: number }): Statement {
  const compiler = newCompiler();
  const after = question.page.after === null ? null : decodeCursor(question.page.after, CURSOR_SHAPES.events);
  const conditions = [
    ...scopeSql(compiler, question),
    ...rangeSql(compiler, range),
    ...selectorSql(compiler, question.event),
    ...(question.userKey === null ? [] : [`e.user_key = ${parameter(compiler, question.userKey, 'text')}`]),
  ];
  if (after !== null) {
    const [at, sequence, id] = after;
    const key = [
      timeParameter(compiler, Number(at)),
      parameter(compiler, sequence, 'bigint'),
      parameter(compiler, id, 'text'),
    ];
    conditions.push(`(e."timestamp", e.sequence, e.event_id) < (${key.join(', ')})`);
  }
  const limit = parameter(compiler, question.page.first + 1, 'bigint');
  const tables = eventTables(compiler, question);
  const text = `${withTables(tables)}SELECT ${EVENT_COLUMNS.map((column) => `e."${column}"`).join(', ')}
${eventsFrom(compiler, conditions)}
ORDER BY e."timestamp" DESC, e.sequence DESC, e.event_id DESC LIMIT ${limit}`;
  return { text, values: compiler.values };
}
