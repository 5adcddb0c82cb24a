import { CURSOR_SHAPES, decodeCursor, lowerAscii, type UsersQuestion } from '@productgraph/domain-query';
import {
  type Compiler,
  milliseconds,
  newCompiler,
  parameter,
  type Query,
  tenantSql,
  timeParameter,
} from './compiler.ts';
import { all } from './conditions.ts';
import { latestParts } from './sessions-source.ts';
import { EVENT_ORDER, eventNames, rangeSql, scopeSql, selectEvents } from './source.ts';
import type { Reading } from './tables.ts';

/** A page of users by last seen; counts are of the range and filter. */
export function usersStatement(question: UsersQuestion, reading: Reading): Query {
  const compiler = newCompiler(reading);
  const names = eventNames(compiler);
  const conditions = [...scopeSql(names, question), ...rangeSql(names, question)];
  const having = havingSql(compiler, question);
  const limit = parameter(compiler, question.page.first + 1, 'UInt64');
  const sql = selectEvents(compiler, {
    columns: [
      'e.user_key AS userKey',
      `${milliseconds('min(e.timestamp)')} AS firstSeen`,
      `${milliseconds('max(e.timestamp)')} AS lastSeen`,
      'count() AS events',
    ],
    conditions,
    scope: question,
    tail: `GROUP BY userKey\nHAVING ${all(having)}\nORDER BY lastSeen DESC, userKey LIMIT ${limit}`,
  });
  return { sql, params: compiler.params };
}

function havingSql(compiler: Compiler, { search, page }: UsersQuestion): string[] {
  const conditions: string[] = [];
  if (search !== null) {
    const part = parameter(compiler, lowerAscii(search), 'String');
    const found = ['e.user_id', 'e.anonymous_id'].map((id) => `position(lower(${id}), ${part}) > 0`);
    conditions.push(`countIf(${found.join(' OR ')}) > 0`);
  }
  const after = page.after === null ? null : decodeCursor(page.after, CURSOR_SHAPES.users);
  if (after !== null) {
    const [at, key] = [parameter(compiler, after[0], 'Int64'), parameter(compiler, after[1], 'String')];
    conditions.push(`(lastSeen < ${at} OR lastSeen = ${at} AND userKey > ${key})`);
  }
  return conditions;
}

/** The latest ids of the users of one page. */
export function userIdsStatement(question: UsersQuestion, reading: Reading, userKeys: readonly string[]): Query {
  const compiler = newCompiler(reading);
  const names = eventNames(compiler);
  const keys = parameter(compiler, userKeys, 'Array(String)');
  const conditions = [...scopeSql(names, question), ...rangeSql(names, question), `e.user_key IN ${keys}`];
  const latest = (column: string): string => `argMaxIf(e.${column}, ${EVENT_ORDER}, isNotNull(e.${column}))`;
  const sql = selectEvents(compiler, {
    columns: ['e.user_key AS userKey', `${latest('user_id')} AS userId`, `${latest('anonymous_id')} AS anonymousId`],
    conditions,
    scope: question,
    tail: 'GROUP BY userKey',
  });
  return { sql, params: compiler.params };
}

/** How many sessions of each user of one page touch the range. */
export function userSessionsStatement(question: UsersQuestion, reading: Reading, userKeys: readonly string[]): Query {
  const compiler = newCompiler(reading);
  const keys = parameter(compiler, userKeys, 'Array(String)');
  const ofUsers = [tenantSql(compiler, 'p', question.projectId), `p.user_key IN ${keys}`];
  const sql = `SELECT p.user_key AS userKey, uniqExact(p.session_id) AS sessions
FROM ${latestParts(compiler, ofUsers, ['state'])} AS p
WHERE p.state != 'merged' AND p.started_at < ${timeParameter(compiler, question.to)}
  AND p.ended_at >= ${timeParameter(compiler, question.from)}
GROUP BY userKey`;
  return { sql, params: compiler.params };
}
