SELECT e.user_key AS userKey, argMaxIf(e.user_id, (e.timestamp, e.sequence, e.event_id), isNotNull(e.user_id)) AS userId, argMaxIf(e.anonymous_id, (e.timestamp, e.sequence, e.event_id), isNotNull(e.anonymous_id)) AS anonymousId
  FROM events AS e FINAL
  WHERE e.org_id = {p2:UUID} AND e.project_id = {p3:UUID}
  AND bitAnd(e.flags, 1) = 0
  AND e.timestamp >= fromUnixTimestamp64Milli({p4:Int64}, 'UTC')
  AND e.timestamp < fromUnixTimestamp64Milli({p5:Int64}, 'UTC')
  AND e.user_key IN {p1:Array(String)}
GROUP BY userKey
-- p1 = ["u:ann","u:bob"]
-- p2 = "01890000-0000-7000-8000-0000000000ff"
-- p3 = "01890000-0000-7000-8000-000000000001"
-- p4 = 1711756800000
-- p5 = 1712016000000
