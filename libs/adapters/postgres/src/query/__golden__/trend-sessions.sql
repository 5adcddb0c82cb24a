WITH parts AS MATERIALIZED (
  SELECT * FROM (
    SELECT DISTINCT ON (p.session_id, p.user_key, p.lane) p.session_id, p.user_key, p.lane, p.started_at, p.ended_at, p.state, p.entry_path
    FROM sessions p
    WHERE p.project_id = $8::uuid AND p.session_id IN (
      SELECT p.session_id FROM sessions p
      WHERE p.project_id = $8::uuid AND p.state <> 'merged'
        AND p.started_at < $6::timestamptz AND p.ended_at >= $7::timestamptz)
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
  SELECT row_number() OVER ()::integer AS n, session_id, part,
    (array_agg(entry_path ORDER BY started_at, user_key, lane) FILTER (WHERE entry_path IS NOT NULL))[1] AS entry_path
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
  FROM ordered GROUP BY user_key),
hits AS (
  SELECT width_bucket(e."timestamp", $5::timestamptz[]) AS bucket, e.session_n AS actor
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
    WHERE e.project_id = $1::uuid
  AND (e.flags & 1) <> 1
  AND e."timestamp" >= $3::timestamptz
  AND e."timestamp" < $4::timestamptz OFFSET 0) e
  LEFT JOIN merged s ON s.n = e.session_n WHERE (s.entry_path = $2::text)
  AND e.session_n IS NOT NULL),
cells AS (SELECT bucket, actor, count(*) AS n FROM hits GROUP BY bucket, actor),
lined AS (SELECT 1 AS line, c.* FROM cells c),
people AS (SELECT line, bucket, actor, n FROM lined),
whole AS (SELECT line, min(bucket) AS bucket, actor, sum(n) AS n FROM people GROUP BY line, actor)
SELECT line, bucket, count(*)::double precision AS a, NULL::double precision AS b, NULL AS key FROM people GROUP BY line, bucket
UNION ALL SELECT line, 0, count(*)::double precision AS a, NULL::double precision AS b, NULL FROM whole GROUP BY line
LIMIT $9::bigint
-- $1 = "01890000-0000-7000-8000-000000000001"
-- $2 = "/"
-- $3 = "2024-03-30T00:00:00.000Z"
-- $4 = "2024-04-02T00:00:00.000Z"
-- $5 = ["2024-03-30T00:00:00.000Z","2024-03-31T00:00:00.000Z","2024-04-01T00:00:00.000Z"]
-- $6 = "2024-04-02T00:00:00.000Z"
-- $7 = "2024-03-30T00:00:00.000Z"
-- $8 = "01890000-0000-7000-8000-000000000001"
-- $9 = 101
