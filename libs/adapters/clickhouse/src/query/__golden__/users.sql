SELECT e.user_key AS userKey, toUnixTimestamp64Milli(min(e.timestamp)) AS firstSeen, toUnixTimestamp64Milli(max(e.timestamp)) AS lastSeen, count() AS events
  FROM events AS e FINAL
  WHERE e.org_id = {p1:UUID} AND e.project_id = {p2:UUID}
  AND bitAnd(e.flags, 1) = 0
  AND e.timestamp >= fromUnixTimestamp64Milli({p3:Int64}, 'UTC')
  AND e.timestamp < fromUnixTimestamp64Milli({p4:Int64}, 'UTC')
GROUP BY userKey
HAVING countIf(position(lower(e.user_id), {p5:String}) > 0 OR position(lower(e.anonymous_id), {p5:String}) > 0) > 0
  AND (lastSeen < {p6:Int64} OR lastSeen = {p6:Int64} AND userKey > {p7:String})
ORDER BY lastSeen DESC, userKey LIMIT {p8:UInt64}
-- p1 = "01890000-0000-7000-8000-0000000000ff"
-- p2 = "01890000-0000-7000-8000-000000000001"
-- p3 = 1711756800000
-- p4 = 1712016000000
-- p5 = "ann"
-- p6 = 1
-- p7 = "u:a"
-- p8 = 11
