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
    WHERE p.org_id = {p5:UUID} AND p.project_id = {p6:UUID} AND p.session_id GLOBAL IN (
      SELECT p.session_id FROM sessions AS p
      WHERE p.org_id = {p5:UUID} AND p.project_id = {p6:UUID}
        AND p.state != 'merged'
        AND p.user_key = {p1:String})
    ORDER BY p.session_id, p.user_key, p.lane, p.revision DESC, p.generation DESC, p.log_offset DESC, p.rank DESC
    LIMIT 1 BY p.session_id, p.user_key, p.lane) AS p
    WHERE p.state != 'merged') AS p) AS k
  GROUP BY k.session_id, k.part) AS s
WHERE s.started_at >= fromUnixTimestamp64Milli({p2:Int64}, 'UTC')
  AND s.started_at < fromUnixTimestamp64Milli({p3:Int64}, 'UTC')
  AND NOT s.is_bot
  AND has(s.user_keys, {p1:String})
  AND (s.session_id, s.part) GLOBAL IN (WITH arrayMap(
    held -> arrayFirst(x -> x.1 = held[-1].1, held),
    [arrayMap(
      held -> if(arrayExists(x -> x.2 = ifNull(e.session_id, ''), held), arrayFilter(x -> x.2 = ifNull(e.session_id, ''), held), held),
      [arrayFilter(x -> x.4 >= e.timestamp, u.candidates)])[1]])[1] AS s
SELECT assumeNotNull(tupleElement(s, 2)), assumeNotNull(tupleElement(s, 3))
  FROM events AS e FINAL
  GLOBAL ASOF LEFT JOIN (
  SELECT user_key, c.1 AS started_at, c.2 AS candidates
  FROM (
    SELECT own.1 AS user_key,
      arraySort(x -> (x.1, x.2, x.3), groupArray((own.2, toNullable(m.session_id), toNullable(m.part), own.3))) AS list,
      arrayExists((x, y) -> x.4 >= y.1, arrayPopBack(list), arrayPopFront(list)) AS tangled
    FROM (
  SELECT k.session_id AS session_id, k.part AS part,
    groupArray((k.user_key, k.started_at, k.ended_at)) AS parts
  FROM (
    SELECT p.*, if(max(p.users) OVER (PARTITION BY p.session_id) > 20, p.user_key, '') AS part
    FROM (
    SELECT p.*, uniqExact(p.user_key) OVER (PARTITION BY p.session_id, toStartOfDay(p.started_at, 'UTC')) AS users
    FROM (
    SELECT p.session_id AS session_id, p.user_key AS user_key, p.lane AS lane, p.started_at AS started_at, p.ended_at AS ended_at, p.state AS state
    FROM sessions AS p
    WHERE p.org_id = {p5:UUID} AND p.project_id = {p6:UUID} AND p.session_id GLOBAL IN (
      SELECT p.session_id FROM sessions AS p
      WHERE p.org_id = {p5:UUID} AND p.project_id = {p6:UUID}
        AND p.state != 'merged'
        AND p.ended_at >= fromUnixTimestamp64Milli({p2:Int64}, 'UTC'))
    ORDER BY p.session_id, p.user_key, p.lane, p.revision DESC, p.generation DESC, p.log_offset DESC, p.rank DESC
    LIMIT 1 BY p.session_id, p.user_key, p.lane) AS p
    WHERE p.state != 'merged') AS p) AS k
  GROUP BY k.session_id, k.part) AS m
    ARRAY JOIN m.parts AS own
    GROUP BY user_key)
  ARRAY JOIN if(tangled, arrayMap(
      i -> (list[i].1, arrayFilter(x -> x.4 >= list[i].1, arraySlice(list, 1, i))),
      arrayFilter(i -> i = length(list) OR list[i + 1].1 > list[i].1, arrayEnumerate(list))), arrayMap(x -> (x.1, [x]), list)) AS c) AS u
  ON u.user_key = e.user_key AND e.timestamp >= u.started_at
  WHERE e.org_id = {p5:UUID} AND e.project_id = {p6:UUID}
  AND e.timestamp >= fromUnixTimestamp64Milli({p2:Int64}, 'UTC')
  AND e.timestamp <= (SELECT max(p.ended_at) FROM sessions AS p WHERE p.org_id = {p5:UUID} AND p.project_id = {p6:UUID} AND p.session_id GLOBAL IN (
      SELECT p.session_id FROM sessions AS p
      WHERE p.org_id = {p5:UUID} AND p.project_id = {p6:UUID}
        AND p.state != 'merged'
        AND p.started_at >= fromUnixTimestamp64Milli({p2:Int64}, 'UTC')
        AND p.started_at < fromUnixTimestamp64Milli({p3:Int64}, 'UTC')))
  AND isNotNull(tupleElement(s, 2))
  AND (e.name = {p4:String}))
ORDER BY s.started_at DESC, s.session_id, s.part LIMIT {p7:UInt64}
-- p1 = "u:ann"
-- p2 = 1711756800000
-- p3 = 1712016000000
-- p4 = "buy"
-- p5 = "01890000-0000-7000-8000-0000000000ff"
-- p6 = "01890000-0000-7000-8000-000000000001"
-- p7 = 51
