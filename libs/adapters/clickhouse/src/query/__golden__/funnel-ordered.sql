SELECT actor AS userKey,
  arrayMap(x -> x.4, list) AS at,
  arrayMap(x -> x.5, list) AS steps,
  [] AS exclusions,
  [] AS ordinals,
  [] AS held,
  [] AS value
FROM (SELECT actor, list, [] AS ordinals FROM (SELECT e.user_key AS actor, arraySort(x -> (x.1, x.2, x.3), groupArray((e.timestamp, e.sequence, e.event_id, toUnixTimestamp64Milli(e.timestamp) - {p5:Int64}, toInt32(if(e.name = {p1:String}, 1, 0) + if(e.name = {p2:String}, 2, 0)) AS steps, toInt32(0) AS exclusions, NULL, NULL, e.user_key))) AS list
  FROM events AS e FINAL
  WHERE e.org_id = {p3:UUID} AND e.project_id = {p4:UUID}
  AND bitAnd(e.flags, 1) = 0
  AND e.timestamp >= fromUnixTimestamp64Milli({p5:Int64}, 'UTC')
  AND e.timestamp < fromUnixTimestamp64Milli({p6:Int64}, 'UTC')
  AND (steps != 0 OR exclusions != 0)
GROUP BY actor HAVING countIf(bitAnd(steps, 1) != 0) > 0))
-- p1 = "A"
-- p2 = "B"
-- p3 = "01890000-0000-7000-8000-0000000000ff"
-- p4 = "01890000-0000-7000-8000-000000000001"
-- p5 = 1711756800000
-- p6 = 1712016000000
