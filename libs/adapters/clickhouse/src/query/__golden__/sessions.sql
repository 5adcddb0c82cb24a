SELECT s.session_id AS sessionId, s.part AS part, s.user_keys AS userKeys, s.state AS state,
  toUnixTimestamp64Milli(s.started_at) AS start, toUnixTimestamp64Milli(s.ended_at) AS end, s.duration_ms AS durationMs,
  s.events AS events, s.page_views AS pageViews, s.errors AS errors, s.is_bounce AS isBounce, s.entry_path AS entryPath,
  s.exit_path AS exitPath, s.referrer AS referrer, s.utm_source AS utmSource, s.utm_medium AS utmMedium,
  s.utm_campaign AS utmCampaign, s.user_agent AS userAgent, s.is_bot AS isBot
FROM (
  SELECT k.session_id AS session_id, k.part AS part,
    arraySort(groupUniqArray(k.user_key)) AS user_keys,
    multiIf(countIf(k.state = 'open') > 0, 'open', countIf(k.state = 'closed') > 0, 'closed', 'settled') AS state,
    min(k.started_at) AS started_at,
    max(k.ended_at) AS ended_at,
    toUnixTimestamp64Milli(max(k.ended_at)) - toUnixTimestamp64Milli(min(k.started_at)) AS duration_ms,
    sum(k.events) AS events,
    sum(k.page_views) AS page_views,
    sum(k.errors) AS errors,
    toBool(if(sum(k.page_views) = 0, sum(k.events) <= 1, sum(k.page_views) = 1)) AS is_bounce,
    argMinIf(k.entry_path, (k.started_at, k.user_key, k.lane), isNotNull(k.entry_path)) AS entry_path,
    argMaxIf(k.exit_path, (k.ended_at, k.user_key, k.lane), isNotNull(k.exit_path)) AS exit_path,
    argMinIf(k.referrer, (k.started_at, k.user_key, k.lane), isNotNull(k.referrer)) AS referrer,
    argMinIf(k.utm_source, (k.started_at, k.user_key, k.lane), isNotNull(k.utm_source)) AS utm_source,
    argMinIf(k.utm_medium, (k.started_at, k.user_key, k.lane), isNotNull(k.utm_medium)) AS utm_medium,
    argMinIf(k.utm_campaign, (k.started_at, k.user_key, k.lane), isNotNull(k.utm_campaign)) AS utm_campaign,
    argMinIf(k.user_agent, (k.started_at, k.user_key, k.lane), isNotNull(k.user_agent)) AS user_agent,
    toBool(max(k.is_bot)) AS is_bot
  FROM (
    SELECT p.*, if(max(p.users) OVER (PARTITION BY p.session_id) > 20, p.user_key, '') AS part
    FROM (
    SELECT p.*, uniqExact(p.user_key) OVER (PARTITION BY p.session_id, toStartOfDay(p.started_at, 'UTC')) AS users
    FROM (
    SELECT p.session_id AS session_id, p.user_key AS user_key, p.lane AS lane, p.started_at AS started_at, p.ended_at AS ended_at, p.state AS state, p.events AS events, p.page_views AS page_views, p.errors AS errors, p.entry_path AS entry_path, p.exit_path AS exit_path, p.referrer AS referrer, p.utm_source AS utm_source, p.utm_medium AS utm_medium, p.utm_campaign AS utm_campaign, p.user_agent AS user_agent, p.is_bot AS is_bot
    FROM sessions AS p
    WHERE p.org_id = {p3:UUID} AND p.project_id = {p4:UUID} AND p.session_id GLOBAL IN (
      SELECT p.session_id FROM sessions AS p
      WHERE p.org_id = {p3:UUID} AND p.project_id = {p4:UUID}
        AND p.state != 'merged'
        AND p.started_at >= fromUnixTimestamp64Milli({p1:Int64}, 'UTC')
        AND p.started_at < fromUnixTimestamp64Milli({p2:Int64}, 'UTC'))
    ORDER BY p.session_id, p.user_key, p.lane, p.revision DESC, p.generation DESC, p.log_offset DESC, p.rank DESC
    LIMIT 1 BY p.session_id, p.user_key, p.lane) AS p
    WHERE p.state != 'merged') AS p) AS k
  GROUP BY k.session_id, k.part) AS s
WHERE s.started_at >= fromUnixTimestamp64Milli({p1:Int64}, 'UTC')
  AND s.started_at < fromUnixTimestamp64Milli({p2:Int64}, 'UTC')
  AND NOT s.is_bot
  AND (s.started_at < fromUnixTimestamp64Milli({p5:Int64}, 'UTC') OR s.started_at = fromUnixTimestamp64Milli({p5:Int64}, 'UTC') AND (s.session_id, s.part) > ({p6:String}, {p7:String}))
ORDER BY s.started_at DESC, s.session_id, s.part LIMIT {p8:UInt64}
-- p1 = 1711756800000
-- p2 = 1712016000000
-- p3 = "01890000-0000-7000-8000-0000000000ff"
-- p4 = "01890000-0000-7000-8000-000000000001"
-- p5 = 1
-- p6 = "s"
-- p7 = ""
-- p8 = 11
