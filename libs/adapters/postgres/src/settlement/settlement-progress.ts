import type { DeferredUser, SettlementProgress, SettlementRequest } from '@productgraph/domain-session';
import type { QueryResultRow } from 'pg';
import type { Pools } from '../pool.ts';
import { runStatement } from '../statement.ts';

const REGISTER = 'INSERT INTO settlement_progress (log_partition) VALUES ($1) ON CONFLICT DO NOTHING';

const THROUGH = 'SELECT settled_through AS through FROM settlement_progress WHERE log_partition = $1';

const ADVANCE = `
  INSERT INTO settlement_progress AS p (log_partition, settled_through, settled_up_to) VALUES ($1, $2, $3)
  ON CONFLICT (log_partition) DO UPDATE SET
    settled_through = greatest(p.settled_through, excluded.settled_through),
    settled_up_to = greatest(p.settled_up_to, excluded.settled_up_to)`;

/** In order of keys, so that two processes that both believe to own the partition cannot deadlock. */
const DEFER = `
  INSERT INTO settlement_deferred AS d (log_partition, project_id, user_key, from_time, to_time, due_at)
  SELECT $1, * FROM unnest($2::uuid[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[]) AS u ORDER BY 2, 3
  ON CONFLICT (log_partition, project_id, user_key) DO UPDATE SET
    from_time = least(d.from_time, excluded.from_time),
    to_time = greatest(d.to_time, excluded.to_time),
    due_at = greatest(d.due_at, excluded.due_at)`;

const DEFERRED = `
  SELECT project_id AS "projectId", user_key AS "userKey", from_time AS "from", to_time AS "to", due_at AS "at"
  FROM settlement_deferred WHERE log_partition = $1 AND due_at <= $2`;

const UNDEFER = `
  DELETE FROM settlement_deferred d USING unnest($2::uuid[], $3::text[], $4::bigint[]) AS u (project_id, user_key, due_at)
  WHERE d.log_partition = $1 AND d.project_id = u.project_id AND d.user_key = u.user_key AND d.due_at = u.due_at`;

/** Begins at the time, in microseconds, so that a request that was forgotten meanwhile never gets the same number again. */
const REQUEST = `
  INSERT INTO settlement_requests AS r (project_id, received_from, received_to, asked)
  VALUES ($1, $2, $3, floor(extract(epoch FROM clock_timestamp()) * 1000000)::bigint)
  ON CONFLICT (project_id, received_from, received_to) DO UPDATE SET asked = r.asked + 1`;

/** Whether `r` was done by that partition as often as it was asked for. */
const doneBy = (partition: string): string => `EXISTS (
    SELECT FROM settlement_requests_done d
    WHERE (d.project_id, d.received_from, d.received_to) = (r.project_id, r.received_from, r.received_to)
      AND d.log_partition = ${partition} AND d.asked = r.asked)`;

const REQUESTS = `
  SELECT project_id AS "projectId", received_from AS "receivedFrom", received_to AS "receivedTo", asked
  FROM settlement_requests r WHERE NOT ${doneBy('$1')}
  ORDER BY received_from, received_to, project_id`;

const COMPLETE = `
  INSERT INTO settlement_requests_done (log_partition, project_id, received_from, received_to, asked)
  SELECT $1::integer, r.project_id, r.received_from, r.received_to, $5::bigint FROM settlement_requests r
  WHERE (r.project_id, r.received_from, r.received_to) = ($2::uuid, $3::bigint, $4::bigint)
  ON CONFLICT (project_id, received_from, received_to, log_partition) DO UPDATE SET asked = excluded.asked`;

/** Forgets requests that every known partition has done; also those that a crash left over. */
const FORGET = `
  WITH gone AS (
    DELETE FROM settlement_requests r
    WHERE NOT EXISTS (SELECT FROM settlement_progress q WHERE NOT ${doneBy('q.log_partition')})
      AND EXISTS (SELECT FROM settlement_progress)
    RETURNING project_id, received_from, received_to)
  DELETE FROM settlement_requests_done d USING gone g
  WHERE (d.project_id, d.received_from, d.received_to) = (g.project_id, g.received_from, g.received_to)`;

/** No row at all (no partition known) is null too. */
const UP_TO = `
  SELECT CASE WHEN count(*) = count(p.settled_up_to) THEN min(p.settled_up_to) END AS "settledUpTo"
  FROM settlement_progress p
  WHERE NOT EXISTS (
    SELECT FROM settlement_requests r, settlement_progress q
    WHERE r.project_id = $1 AND NOT ${doneBy('q.log_partition')})`;

/** Progress of settlement in PostgreSQL, in every tier: it must survive what a cache may forget. */
export function createPostgresSettlementProgress(pools: Pick<Pools, 'statements'>): SettlementProgress {
  async function run<Row extends QueryResultRow>(text: string, values: readonly unknown[]): Promise<Row[]> {
    return (await runStatement<Row>(pools.statements, 'writer', { text, values })).rows;
  }
  return {
    register: async (partition) => {
      await run(REGISTER, [partition]);
    },
    settledThrough: async (partition) => {
      const [row] = await run<{ through: number | null }>(THROUGH, [partition]);
      return row?.through ?? null;
    },
    advance: async (partition, { through, settledUpTo }) => {
      await run(ADVANCE, [partition, through, settledUpTo]);
    },
    defer: async (partition, users) => {
      if (users.length === 0) return;
      const spans = [users.map((user) => user.from), users.map((user) => user.to), users.map((user) => user.at)];
      await run(DEFER, [partition, ...keysOf(users), ...spans]);
    },
    deferred: (partition, until) => run<DeferredUser>(DEFERRED, [partition, until]),
    undefer: async (partition, users) => {
      if (users.length === 0) return;
      await run(UNDEFER, [partition, ...keysOf(users), users.map((user) => user.at)]);
    },
    request: async (projectId, receivedFrom, receivedTo) => {
      await run(REQUEST, [projectId, receivedFrom, receivedTo]);
    },
    requests: (partition) => run<SettlementRequest>(REQUESTS, [partition]),
    completeRequest: async (partition, { projectId, receivedFrom, receivedTo, asked }) => {
      await run(COMPLETE, [partition, projectId, receivedFrom, receivedTo, asked]);
      await run(FORGET, []);
    },
    settledUpTo: async (projectId) => {
      const [row] = await run<{ settledUpTo: number | null }>(UP_TO, [projectId]);
      return row?.settledUpTo ?? null;
    },
  };
}

const keysOf = (users: readonly DeferredUser[]): [string[], string[]] => [
  users.map((user) => user.projectId),
  users.map((user) => user.userKey),
];
