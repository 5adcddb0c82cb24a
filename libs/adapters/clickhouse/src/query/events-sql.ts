import { CURSOR_SHAPES, decodeCursor, type EventsQuestion } from '@productgraph/domain-query';
import { EVENT_COLUMNS } from '../rows/event-columns.ts';
import { milliseconds, newCompiler, parameter, type Query, tenantSql, timeParameter } from './compiler.ts';
import { selectorSql } from './conditions.ts';
import { eventNames, rangeSql, scopeSql, selectEvents } from './source.ts';
import type { Reading } from './tables.ts';

/** Columns that say where a row came from, not what the event says. */
const OF_THE_STORE = /^(org_id$|log_)/;

/** `page_path` → `pagePath`. */
function camelCase(column: string): string {
  return column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Every property of StoredEvent under its own name; times as Unix milliseconds. */
const STORED_EVENT = EVENT_COLUMNS.filter(({ name }) => !OF_THE_STORE.test(name)).map(({ name, type }) => {
  const value = type.includes('DateTime64') ? milliseconds(`e.${name}`) : `e.${name}`;
  return `${value} AS ${camelCase(name)}`;
});

const NEWEST_FIRST = 'ORDER BY e.timestamp DESC, e.sequence DESC, e.event_id DESC';

/**
 * A page of events, newest first; rows are those of StoredEvent. Which ones they are is found out with narrow columns, then these
 * rows are read whole by the sorting key.
 */
export function eventsStatement(question: EventsQuestion, reading: Reading): Query {
  const { page, projectId, userKey } = question;
  const compiler = newCompiler(reading);
  const names = eventNames(compiler);
  const range = rangeSql(names, question);
  const conditions = [
    ...scopeSql(names, question),
    ...range,
    ...selectorSql(names, question.event),
    ...(userKey === null ? [] : [`e.user_key = ${parameter(compiler, userKey, 'String')}`]),
  ];
  const after = page.after === null ? null : decodeCursor(page.after, CURSOR_SHAPES.events);
  if (after !== null) {
    const [at, sequence, id] = after;
    const time = timeParameter(compiler, Number(at));
    const rest = [parameter(compiler, sequence, 'Int64'), parameter(compiler, id, 'String')];
    conditions.push(`(e.timestamp, e.sequence, e.event_id) < (${time}, ${rest.join(', ')})`);
  }
  const limit = parameter(compiler, page.first + 1, 'UInt64');
  const key = ['user_key', 'timestamp', 'sequence', 'event_id'];
  const keys = selectEvents(compiler, {
    columns: key.map((column) => `e.${column} AS ${column}`),
    conditions,
    scope: question,
    tail: `${NEWEST_FIRST} LIMIT ${limit}`,
  });
  const sql = `SELECT ${STORED_EVENT.join(', ')}
FROM ${reading.events} AS e FINAL
WHERE ${tenantSql(compiler, 'e', projectId)}
  AND (${key.map((column) => `e.${column}`).join(', ')}) GLOBAL IN (${keys})
${NEWEST_FIRST} LIMIT ${limit}`;
  return { sql, params: compiler.params };
}
