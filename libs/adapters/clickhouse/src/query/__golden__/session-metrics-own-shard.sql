SELECT bucket, line, bar, count() AS sessions, uniqExactArray(user_keys) AS users, countIf(is_bounce) AS bounces,
  toFloat64(avg(duration_ms)) AS average, toFloat64(quantileExactInclusive(0.5)(duration_ms)) AS median,
  toFloat64(sum(page_views)) AS pages, toFloat64(sum(events)) AS events
FROM (
  SELECT s.user_keys AS user_keys, s.is_bounce AS is_bounce, s.duration_ms AS duration_ms, s.page_views AS page_views,
    s.events AS events, transform(roundDown(toUnixTimestamp64Milli(s.started_at), {p7:Array(Int64)}), {p7:Array(Int64)}, {p8:Array(Int64)}, toInt64(0)) AS bucket, toUInt32(0) + 1 AS line,
    transform(roundDown(s.duration_ms, {p5:Array(Int64)}), {p5:Array(Int64)}, {p6:Array(Int64)}, toInt64(0)) AS bar
  FROM (
  SELECT k.session_id AS session_id, k.part AS part,
    arraySort(groupUniqArray(k.user_key)) AS user_keys,
    min(k.started_at) AS started_at,
    toUnixTimestamp64Milli(max(k.ended_at)) - toUnixTimestamp64Milli(min(k.started_at)) AS duration_ms,
    sum(k.events) AS events,
    sum(k.page_views) AS page_views,
    toBool(if(sum(k.page_views) = 0, sum(k.events) <= 1, sum(k.page_views) = 1)) AS is_bounce,
    argMinIf(k.entry_path, (k.started_at, k.user_key, k.lane), isNotNull(k.entry_path)) AS entry_path,
    toBool(max(k.is_bot)) AS is_bot
  FROM (
    SELECT p.*, if(max(p.users) OVER (PARTITION BY p.session_id) > 20, p.user_key, '') AS part
    FROM (
    SELECT p.*, uniqExact(p.user_key) OVER (PARTITION BY p.session_id, toStartOfDay(p.started_at, 'UTC')) AS users
    FROM (
    SELECT p.session_id AS session_id, p.user_key AS user_key, p.lane AS lane, p.started_at AS started_at, p.ended_at AS ended_at, p.state AS state, p.events AS events, p.page_views AS page_views, p.entry_path AS entry_path, p.is_bot AS is_bot
    FROM sessions_local AS p
    WHERE p.org_id = {p3:UUID} AND p.project_id = {p4:UUID} AND p.session_id GLOBAL IN (
      SELECT p.session_id FROM sessions_local AS p
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
  AND NOT s.is_bot)
GROUP BY GROUPING SETS ((), (bucket), (bar), (line))
-- p1 = 1711756800000
-- p2 = 1712016000000
-- p3 = "01890000-0000-7000-8000-0000000000ff"
-- p4 = "01890000-0000-7000-8000-000000000001"
-- p5 = [0,1,10001,30001,60001,180001,600001,1800001,3600001,10800001]
-- p6 = [1,2,3,4,5,6,7,8,9,10]
-- p7 = [1711756800000,1711843200000,1711929600000]
-- p8 = [1,2,3]
