SELECT ifNull(e.name, e.type) AS value, count() AS count, toUnixTimestamp64Milli(max(e.timestamp)) AS lastSeen
  FROM events AS e FINAL
  WHERE e.org_id = {p1:UUID} AND e.project_id = {p2:UUID}
  AND bitAnd(e.flags, 1) = 0
  AND e.timestamp >= fromUnixTimestamp64Milli({p3:Int64}, 'UTC')
  AND e.timestamp < fromUnixTimestamp64Milli({p4:Int64}, 'UTC')
GROUP BY value
HAVING isNotNull(value)
  AND position(lower(value), {p5:String}) > 0
ORDER BY count DESC, value LIMIT {p6:UInt64}
-- p1 = "01890000-0000-7000-8000-0000000000ff"
-- p2 = "01890000-0000-7000-8000-000000000001"
-- p3 = 1711756800000
-- p4 = 1712016000000
-- p5 = "bu"
-- p6 = 100
