SELECT i.*, coalesce(c.sessions, 0) AS sessions
FROM (
  SELECT e.user_key AS "userKey", (array_agg(e.user_id ORDER BY e."timestamp" DESC, e.sequence DESC, e.event_id DESC) FILTER (WHERE e.user_id IS NOT NULL))[1] AS "userId", (array_agg(e.anonymous_id ORDER BY e."timestamp" DESC, e.sequence DESC, e.event_id DESC) FILTER (WHERE e.anonymous_id IS NOT NULL))[1] AS "anonymousId"
  FROM events e
  WHERE e.user_key = ANY ($1::text[])
  AND e.project_id = $3::uuid
  AND (e.flags & 1) <> 1
  AND e."timestamp" >= $4::timestamptz
  AND e."timestamp" < $5::timestamptz
  GROUP BY e.user_key) i
LEFT JOIN (
  SELECT p.user_key, count(DISTINCT p.session_id) AS sessions FROM (
    SELECT DISTINCT ON (p.session_id, p.user_key, p.lane) p.session_id, p.user_key, p.lane, p.started_at, p.ended_at, p.state
    FROM sessions p
    WHERE p.project_id = $2::uuid AND p.user_key = ANY ($1::text[])
    ORDER BY p.session_id, p.user_key, p.lane, p.revision DESC, p.generation DESC, p.log_offset DESC, p.rank DESC) p
  WHERE p.state <> 'merged' AND p.started_at < $7::timestamptz AND p.ended_at >= $6::timestamptz
  GROUP BY p.user_key) c ON c.user_key = i."userKey"
-- $1 = ["u:ann","u:bob"]
-- $2 = "01890000-0000-7000-8000-000000000001"
-- $3 = "01890000-0000-7000-8000-000000000001"
-- $4 = "2024-03-30T00:00:00.000Z"
-- $5 = "2024-04-02T00:00:00.000Z"
-- $6 = "2024-03-30T00:00:00.000Z"
-- $7 = "2024-04-02T00:00:00.000Z"
