WITH parts AS MATERIALIZED (
  SELECT * FROM (
    SELECT DISTINCT ON (p.session_id, p.user_key, p.lane) p.session_id, p.user_key, p.lane, p.started_at, p.ended_at, p.state, p.events, p.page_views, p.errors, p.entry_path, p.exit_path, p.referrer, p.utm_source, p.utm_medium, p.utm_campaign, p.user_agent, p.is_bot
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
  FROM keyed GROUP BY session_id, part)
SELECT s.session_id AS "sessionId", s.part, s.user_keys AS "userKeys", s.state,
  round(date_part('epoch', s.started_at) * 1000)::bigint AS "start", round(date_part('epoch', s.ended_at) * 1000)::bigint AS "end", s.duration_ms AS "durationMs",
  s.events, s.page_views AS "pageViews", s.errors, s.is_bounce AS "isBounce", s.entry_path AS "entryPath",
  s.exit_path AS "exitPath", s.referrer, s.utm_source AS "utmSource", s.utm_medium AS "utmMedium",
  s.utm_campaign AS "utmCampaign", s.user_agent AS "userAgent", s.is_bot AS "isBot"
FROM merged s
WHERE s.started_at >= $1::timestamptz
  AND s.started_at < $2::timestamptz
  AND NOT s.is_bot
  AND (s.started_at < $6::timestamptz OR s.started_at = $6::timestamptz AND ARRAY[s.session_id, s.part] > $7::text[])
ORDER BY s.started_at DESC, s.session_id, s.part LIMIT $8::bigint
-- $1 = "2024-03-30T00:00:00.000Z"
-- $2 = "2024-04-02T00:00:00.000Z"
-- $3 = "2024-03-30T00:00:00.000Z"
-- $4 = "2024-04-02T00:00:00.000Z"
-- $5 = "01890000-0000-7000-8000-000000000001"
-- $6 = "1970-01-01T00:00:00.001Z"
-- $7 = ["s",""]
-- $8 = 11
