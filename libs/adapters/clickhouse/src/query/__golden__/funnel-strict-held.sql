SELECT actor AS userKey,
  arrayMap(x -> x.4, list) AS at,
  arrayMap(x -> x.5, list) AS steps,
  [] AS exclusions,
  ordinals AS ordinals,
  arrayMap(x -> x.7, list) AS held,
  arrayMap(x -> x.8, list) AS value
FROM (
  SELECT actor, arrayFilter(x -> x.5 != 0, every) AS list, arrayFilter((i, x) -> x.5 != 0, arrayEnumerate(every), every) AS ordinals
  FROM (SELECT actor, list AS every FROM (SELECT e.user_key AS actor, arraySort(x -> (x.1, x.2, x.3), groupArray((e.timestamp, e.sequence, e.event_id, toUnixTimestamp64Milli(e.timestamp) - {p5:Int64}, toInt32(if(e.name = {p1:String}, 1, 0) + if(e.name = {p2:String}, 2, 0)) AS steps, toInt32(0) AS exclusions, arrayMap(v1 -> multiIf(v1 IN ('', 'null'), NULL, NOT startsWith(v1, '"'), v1, position(v1, '\\') = 0, substring(v1, 2, length(v1) - 2), JSONExtractString(v1)), [substring(extract(substring(e.properties, length(extract(e.properties, {p7:String}))), {p8:String}), 2)])[1], e.page_path, e.user_key))) AS list
  FROM events AS e FINAL
  WHERE e.org_id = {p3:UUID} AND e.project_id = {p4:UUID}
  AND bitAnd(e.flags, 1) = 0
  AND e.timestamp >= fromUnixTimestamp64Milli({p5:Int64}, 'UTC')
  AND e.timestamp < fromUnixTimestamp64Milli({p6:Int64}, 'UTC')
GROUP BY actor HAVING countIf(bitAnd(steps, 1) != 0) > 0)))
-- p1 = "A"
-- p2 = "B"
-- p3 = "01890000-0000-7000-8000-0000000000ff"
-- p4 = "01890000-0000-7000-8000-000000000001"
-- p5 = 1711756800000
-- p6 = 1712016000000
-- p7 = an expression of 1197
-- p8 = an expression of 1153
