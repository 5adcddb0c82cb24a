import { CURSOR_SHAPES, decodeCursor, lowerAscii, type UsersQuestion } from '@productgraph/domain-query';
import type { Statement } from '../statement.ts';
import { type Compiler, milliseconds, newCompiler, parameter, timeParameter } from './compiler.ts';
import { all } from './conditions.ts';
import { eventsFrom, eventTables, latestParts, rangeSql, scopeSql, withTables } from './source.ts';

/** A page of users by last seen; counts are of the range and filter. */
export function usersStatement(question: UsersQuestion): Statement {
  const compiler = newCompiler();
  const conditions = [...scopeSql(compiler, question), ...rangeSql(compiler, question)];
  const having = havingSql(compiler, question);
  const limit = parameter(compiler, question.page.first + 1, 'bigint');
  const text = `${withTables(eventTables(compiler, question))}SELECT e.user_key AS "userKey", ${milliseconds('min(e."timestamp")')} AS "firstSeen",
  ${milliseconds('max(e."timestamp")')} AS "lastSeen", count(*) AS events
${eventsFrom(compiler, conditions)}
GROUP BY e.user_key${having.length === 0 ? '' : `\nHAVING ${all(having)}`}
ORDER BY max(e."timestamp") DESC, e.user_key LIMIT ${limit}`;
  return { text, values: compiler.values };
}

function havingSql(compiler: Compiler, { search, page }: UsersQuestion): string[] {
  const conditions: string[] = [];
  if (search !== null) {
    const part = parameter(compiler, lowerAscii(search), 'text');
    const found = ['e.user_id', 'e.anonymous_id'].map((id) => `strpos(lower(${id}), ${part}) > 0`);
    conditions.push(`bool_or(${found.join(' OR ')})`);
  }
  const after = page.after === null ? null : decodeCursor(page.after, CURSOR_SHAPES.users);
  if (after !== null) {
    const [lastSeen, userKey] = after;
    const [at, key] = [timeParameter(compiler, Number(lastSeen)), parameter(compiler, userKey, 'text')];
    conditions.push(`(max(e."timestamp") < ${at} OR max(e."timestamp") = ${at} AND e.user_key > ${key})`);
  }
  return conditions;
}

/** Latest ids and number of sessions of the users of one page. */
export function userDetailsStatement(question: UsersQuestion, userKeys: readonly string[]): Statement {
  const compiler = newCompiler();
  const keys = parameter(compiler, userKeys, 'text[]');
  const project = parameter(compiler, question.projectId, 'uuid');
  const conditions = [`e.user_key = ANY (${keys})`, ...scopeSql(compiler, question), ...rangeSql(compiler, question)];
  const [from, to] = [timeParameter(compiler, question.from), timeParameter(compiler, question.to)];
  const tables = eventTables(compiler, question);
  const ofUsers = [`p.project_id = ${project}`, `p.user_key = ANY (${keys})`];
  const latest = (column: string): string =>
    `(array_agg(e.${column} ORDER BY e."timestamp" DESC, e.sequence DESC, e.event_id DESC) FILTER (WHERE e.${column} IS NOT NULL))[1]`;
  const text = `${withTables(tables)}SELECT i.*, coalesce(c.sessions, 0) AS sessions
FROM (
  SELECT e.user_key AS "userKey", ${latest('user_id')} AS "userId", ${latest('anonymous_id')} AS "anonymousId"
  ${eventsFrom(compiler, conditions)}
  GROUP BY e.user_key) i
LEFT JOIN (
  SELECT p.user_key, count(DISTINCT p.session_id) AS sessions FROM ${latestParts(ofUsers, ['state'])} p
  WHERE p.state <> 'merged' AND p.started_at < ${to} AND p.ended_at >= ${from}
  GROUP BY p.user_key) c ON c.user_key = i."userKey"`;
  return { text, values: compiler.values };
}
