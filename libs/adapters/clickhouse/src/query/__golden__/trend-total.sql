SELECT toUInt32(1) AS line, roundDown(toUnixTimestamp64Milli(e.timestamp) - {p3:Int64}, {p5:Array(Int64)}) + 1 AS bucket, toFloat64(count()) AS a, NULL AS b
  FROM events AS e FINAL
  WHERE e.org_id = {p1:UUID} AND e.project_id = {p2:UUID}
  AND bitAnd(e.flags, 1) = 0
  AND e.timestamp >= fromUnixTimestamp64Milli({p3:Int64}, 'UTC')
  AND e.timestamp < fromUnixTimestamp64Milli({p4:Int64}, 'UTC')
GROUP BY GROUPING SETS ((line, bucket), (line)) HAVING count() > 0
LIMIT {p6:UInt64}
-- p1 = "01890000-0000-7000-8000-0000000000ff"
-- p2 = "01890000-0000-7000-8000-000000000001"
-- p3 = 1711756800000
-- p4 = 1712016000000
-- p5 = [0,86400000,172800000]
-- p6 = 101
