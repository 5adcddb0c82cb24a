WITH parts AS MATERIALIZED (
  SELECT * FROM (
    SELECT DISTINCT ON (p.session_id, p.user_key, p.lane) p.session_id, p.user_key, p.lane, p.started_at, p.ended_at, p.state, p.events, p.page_views, p.errors, p.entry_path, p.exit_path, p.referrer, p.utm_source, p.utm_medium, p.utm_campaign, p.user_agent, p.is_bot
    FROM sessions p
    WHERE p.project_id = $8::uuid AND p.session_id IN (
      SELECT p.session_id FROM sessions p
      WHERE p.project_id = $8::uuid AND p.state <> 'merged'
        AND p.ended_at >= $7::timestamptz)
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
    CASE WHEN bool_or(state = 'open') THEN 'open' WHEN bool_or(state = 'closed') THEN 'closed' ELSE 'settled' END AS state,
    min(started_at) AS started_at,
    max(ended_at) AS ended_at,
    round(date_part('epoch', max(ended_at) - min(started_at)) * 1000) AS duration_ms,
    sum(events) AS events,
    sum(page_views) AS page_views,
    sum(errors) AS errors,
    CASE WHEN sum(page_views) = 0 THEN sum(events) <= 1 ELSE sum(page_views) = 1 END AS is_bounce,
    (array_agg(entry_path ORDER BY started_at, user_key, lane) FILTER (WHERE entry_path IS NOT NULL))[1] AS entry_path,
    (array_agg(exit_path ORDER BY ended_at DESC, user_key DESC, lane DESC) FILTER (WHERE exit_path IS NOT NULL))[1] AS exit_path,
    (array_agg(referrer ORDER BY started_at, user_key, lane) FILTER (WHERE referrer IS NOT NULL))[1] AS referrer,
    (array_agg(utm_source ORDER BY started_at, user_key, lane) FILTER (WHERE utm_source IS NOT NULL))[1] AS utm_source,
    (array_agg(utm_medium ORDER BY started_at, user_key, lane) FILTER (WHERE utm_medium IS NOT NULL))[1] AS utm_medium,
    (array_agg(utm_campaign ORDER BY started_at, user_key, lane) FILTER (WHERE utm_campaign IS NOT NULL))[1] AS utm_campaign,
    (array_agg(user_agent ORDER BY started_at, user_key, lane) FILTER (WHERE user_agent IS NOT NULL))[1] AS user_agent,
    bool_or(is_bot) AS is_bot
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
SELECT s.session_id AS "sessionId", s.part, s.user_keys AS "userKeys", s.state,
  round(date_part('epoch', s.started_at) * 1000)::bigint AS "start", round(date_part('epoch', s.ended_at) * 1000)::bigint AS "end", s.duration_ms AS "durationMs",
  s.events, s.page_views AS "pageViews", s.errors, s.is_bounce AS "isBounce", s.entry_path AS "entryPath",
  s.exit_path AS "exitPath", s.referrer, s.utm_source AS "utmSource", s.utm_medium AS "utmMedium",
  s.utm_campaign AS "utmCampaign", s.user_agent AS "userAgent", s.is_bot AS "isBot"
FROM merged s
WHERE s.started_at >= $2::timestamptz
  AND s.started_at < $3::timestamptz
  AND NOT s.is_bot
  AND $1::text = ANY (s.user_keys)
  AND s.n IN (SELECT e.session_n FROM (
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
    WHERE e.project_id = $4::uuid
  AND e."timestamp" >= $5::timestamptz
  AND e."timestamp" <= (SELECT max(ended_at) FROM merged)
  AND (e.name = $6::text) OFFSET 0) e
  LEFT JOIN merged s ON s.n = e.session_n WHERE e.session_n IS NOT NULL)
ORDER BY s.started_at DESC, s.session_id, s.part LIMIT $9::bigint
-- $1 = "u:ann"
-- $2 = "2024-03-30T00:00:00.000Z"
-- $3 = "2024-04-02T00:00:00.000Z"
-- $4 = "01890000-0000-7000-8000-000000000001"
-- $5 = "2024-03-30T00:00:00.000Z"
-- $6 = "buy"
-- $7 = "2024-03-30T00:00:00.000Z"
-- $8 = "01890000-0000-7000-8000-000000000001"
-- $9 = 51
