WITH parts AS MATERIALIZED (
  SELECT * FROM (
    SELECT DISTINCT ON (p.session_id, p.user_key, p.lane) p.session_id, p.user_key, p.lane, p.started_at, p.ended_at, p.state, p.events, p.page_views, p.entry_path, p.is_bot
    FROM sessions p
    WHERE p.project_id = $5::uuid AND p.session_id IN (
      SELECT p.session_id FROM sessions p
      WHERE p.project_id = $5::uuid AND p.state <> 'merged'
        AND p.started_at >= $3::timestamptz AND p.started_at < $4::timestamptz)
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
    array_agg(DISTINCT user_key ORDER BY user_key) AS user_keys,
    min(started_at) AS started_at,
    round(date_part('epoch', max(ended_at) - min(started_at)) * 1000) AS duration_ms,
    sum(events) AS events,
    sum(page_views) AS page_views,
    CASE WHEN sum(page_views) = 0 THEN sum(events) <= 1 ELSE sum(page_views) = 1 END AS is_bounce,
    (array_agg(entry_path ORDER BY started_at, user_key, lane) FILTER (WHERE entry_path IS NOT NULL))[1] AS entry_path,
    bool_or(is_bot) AS is_bot
  FROM keyed GROUP BY session_id, part),
picked AS MATERIALIZED (
  SELECT s.*, width_bucket(s.started_at, $6::timestamptz[]) AS bucket, s.entry_path AS key
  FROM merged s
  WHERE s.started_at >= $1::timestamptz
  AND s.started_at < $2::timestamptz
  AND NOT s.is_bot),
ranks AS (
  SELECT key, row_number() OVER (ORDER BY count(*) DESC, key)::integer AS line
  FROM picked GROUP BY key ORDER BY line LIMIT $8::bigint),
lined AS (SELECT coalesce(r.line, 0) AS line, p.* FROM picked p LEFT JOIN ranks r ON ARRAY[r.key] = ARRAY[p.key])
SELECT 'total' AS part, m.at, m.key, m.sessions, u.users, m.bounces, m.average, m.median, m.pages, m.events
FROM (
  SELECT 0 AS at, min(key) AS key, count(*) AS sessions, count(*) FILTER (WHERE is_bounce) AS bounces,
    avg(duration_ms) AS average, percentile_cont(0.5) WITHIN GROUP (ORDER BY duration_ms) AS median,
    sum(page_views)::double precision AS pages, sum(events)::double precision AS events
  FROM picked ) m
LEFT JOIN (SELECT 0 AS at, count(DISTINCT k) AS users FROM picked, unnest(user_keys) k ) u ON u.at = m.at
UNION ALL
SELECT 'bucket' AS part, m.at, m.key, m.sessions, u.users, m.bounces, m.average, m.median, m.pages, m.events
FROM (
  SELECT bucket AS at, min(key) AS key, count(*) AS sessions, count(*) FILTER (WHERE is_bounce) AS bounces,
    avg(duration_ms) AS average, percentile_cont(0.5) WITHIN GROUP (ORDER BY duration_ms) AS median,
    sum(page_views)::double precision AS pages, sum(events)::double precision AS events
  FROM picked GROUP BY bucket) m
LEFT JOIN (SELECT bucket AS at, count(DISTINCT k) AS users FROM picked, unnest(user_keys) k GROUP BY bucket) u ON u.at = m.at
UNION ALL
SELECT 'group' AS part, m.at, m.key, m.sessions, u.users, m.bounces, m.average, m.median, m.pages, m.events
FROM (
  SELECT line AS at, min(key) AS key, count(*) AS sessions, count(*) FILTER (WHERE is_bounce) AS bounces,
    avg(duration_ms) AS average, percentile_cont(0.5) WITHIN GROUP (ORDER BY duration_ms) AS median,
    sum(page_views)::double precision AS pages, sum(events)::double precision AS events
  FROM lined GROUP BY line) m
LEFT JOIN (SELECT line AS at, count(DISTINCT k) AS users FROM lined, unnest(user_keys) k GROUP BY line) u ON u.at = m.at
UNION ALL
SELECT 'duration', width_bucket(duration_ms, $7::double precision[]), NULL, count(*), NULL, NULL, NULL, NULL, NULL, NULL
FROM picked GROUP BY 2
-- $1 = "2024-03-30T00:00:00.000Z"
-- $2 = "2024-04-02T00:00:00.000Z"
-- $3 = "2024-03-30T00:00:00.000Z"
-- $4 = "2024-04-02T00:00:00.000Z"
-- $5 = "01890000-0000-7000-8000-000000000001"
-- $6 = ["2024-03-30T00:00:00.000Z","2024-03-31T00:00:00.000Z","2024-04-01T00:00:00.000Z"]
-- $7 = [1,10001,30001,60001,180001,600001,1800001,3600001,10800001]
-- $8 = 25
