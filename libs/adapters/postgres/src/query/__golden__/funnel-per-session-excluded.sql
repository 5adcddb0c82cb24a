WITH parts AS MATERIALIZED (
  SELECT * FROM (
    SELECT DISTINCT ON (p.session_id, p.user_key, p.lane) p.session_id, p.user_key, p.lane, p.started_at, p.ended_at, p.state
    FROM sessions p
    WHERE p.project_id = $11::uuid AND p.session_id IN (
      SELECT p.session_id FROM sessions p
      WHERE p.project_id = $11::uuid AND p.state <> 'merged'
        AND p.started_at < $9::timestamptz AND p.ended_at >= $10::timestamptz)
    ORDER BY p.session_id, p.user_key, p.lane, p.revision DESC, p.generation DESC, p.log_offset DESC, p.rank DESC) p
  WHERE p.state <> 'merged'),
crowded AS (SELECT session_id FROM parts GROUP BY session_id HAVING count(*) > 20),
shared AS (
  SELECT DISTINCT session_id FROM parts JOIN crowded USING (session_id)
  GROUP BY session_id, date_trunc('day', started_at, 'UTC') HAVING count(DISTINCT user_key) > 20),
keyed AS MATERIALIZED (
  SELECT p.*, CASE WHEN d.session_id IS NULL THEN '' ELSE p.user_key END COLLATE "C" AS part
  FROM parts p LEFT JOIN shared d ON d.session_id = p.session_id),
merged AS MATERIALIZED (
  SELECT row_number() OVER ()::integer AS n, session_id, part
  FROM keyed GROUP BY session_id, part),
ordered AS (
  SELECT k.user_key, k.session_id, k.started_at, k.ended_at, m.n,
    k.started_at <= max(k.ended_at) OVER (
      PARTITION BY k.user_key ORDER BY k.started_at, k.session_id, m.n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS crosses
  FROM keyed k JOIN merged m ON m.session_id = k.session_id AND m.part = k.part),
parts_of_user AS MATERIALIZED (
  SELECT user_key, coalesce(bool_or(crosses), false) AS tangled, max(ended_at - started_at) AS longest,
    array_agg(n ORDER BY started_at, session_id, n) AS ns,
    array_agg(started_at ORDER BY started_at, session_id, n) AS starts,
    array_agg(ended_at ORDER BY started_at, session_id, n) AS ends,
    CASE WHEN bool_or(crosses) THEN array_agg(session_id ORDER BY started_at, session_id, n) END AS ids
  FROM ordered GROUP BY user_key)
SELECT (array_agg(q.user_key ORDER BY q."timestamp", q.sequence, q.event_id) FILTER (WHERE q.steps <> 0))[1] AS user_key,
  string_agg(q.at::text, ',' ORDER BY q."timestamp", q.sequence, q.event_id) AS at,
  string_agg(q.steps::text, ',' ORDER BY q."timestamp", q.sequence, q.event_id) AS steps,
  string_agg(q.exclusions::text, ',' ORDER BY q."timestamp", q.sequence, q.event_id) AS exclusions,
  NULL AS ordinals,
  NULL AS held,
  NULL AS value
FROM (
  SELECT e.session_n AS actor,
    e.user_key AS user_key,
    round(date_part('epoch', e."timestamp" - $8::timestamptz) * 1000)::bigint AS at,
    CASE WHEN e.name = $1::text THEN 1 ELSE 0 END | CASE WHEN e.name = $2::text THEN 2 ELSE 0 END AS steps,
    CASE WHEN e.type = $3::text
  AND e.name = $4::text THEN 1 ELSE 0 END AS exclusions,
    e."timestamp", e.sequence, e.event_id
  FROM (
    SELECT e.*, CASE
      WHEN u.tangled THEN (
        SELECT k.n
        FROM (SELECT width_bucket(e."timestamp" - u.longest - interval '1 microsecond', u.starts) + 1 AS a,
          width_bucket(e."timestamp", u.starts) AS z) f
        CROSS JOIN LATERAL unnest(u.ns[f.a:f.z], u.starts[f.a:f.z], u.ends[f.a:f.z], u.ids[f.a:f.z])
          AS k (n, started_at, ended_at, session_id)
        WHERE k.ended_at >= e."timestamp"
        ORDER BY (k.session_id = e.session_id) IS TRUE DESC, k.started_at DESC, k.session_id LIMIT 1)
      WHEN u.ends[width_bucket(e."timestamp", u.starts)] >= e."timestamp" THEN u.ns[width_bucket(e."timestamp", u.starts)]
    END AS session_n
    FROM events e LEFT JOIN parts_of_user u ON u.user_key = e.user_key
    WHERE e.project_id = $5::uuid
  AND (e.flags & 1) <> 1
  AND e."timestamp" >= $6::timestamptz
  AND e."timestamp" < $7::timestamptz
  AND ((e.name = $1::text) OR (e.name = $2::text) OR (e.type = $3::text
  AND e.name = $4::text)) OFFSET 0) e
  WHERE e.session_n IS NOT NULL) q
GROUP BY q.actor HAVING bool_or(q.steps & 1 <> 0)
-- $1 = "A"
-- $2 = "B"
-- $3 = "custom"
-- $4 = "buy"
-- $5 = "01890000-0000-7000-8000-000000000001"
-- $6 = "2024-03-30T00:00:00.000Z"
-- $7 = "2024-04-02T00:00:00.000Z"
-- $8 = "2024-03-30T00:00:00.000Z"
-- $9 = "2024-04-02T00:00:00.000Z"
-- $10 = "2024-03-30T00:00:00.000Z"
-- $11 = "01890000-0000-7000-8000-000000000001"
