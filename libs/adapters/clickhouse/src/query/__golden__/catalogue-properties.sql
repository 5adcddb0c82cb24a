SELECT arrayJoin(arrayMap(pair -> JSONExtractString(extract(pair, {p6:String})), extractAll(substring(e.properties, position(e.properties, '{') + 1), {p5:String}))) AS value, count() AS count, toUnixTimestamp64Milli(max(e.timestamp)) AS lastSeen
  FROM events AS e FINAL
  WHERE e.org_id = {p1:UUID} AND e.project_id = {p2:UUID}
  AND bitAnd(e.flags, 1) = 0
  AND e.timestamp >= fromUnixTimestamp64Milli({p3:Int64}, 'UTC')
  AND e.timestamp < fromUnixTimestamp64Milli({p4:Int64}, 'UTC')
GROUP BY value
HAVING isNotNull(value)
ORDER BY count DESC, value LIMIT {p7:UInt64}
-- p1 = "01890000-0000-7000-8000-0000000000ff"
-- p2 = "01890000-0000-7000-8000-000000000001"
-- p3 = 1711756800000
-- p4 = 1712016000000
-- p5 = an expression of 1180
-- p6 = "^\"(?:[^\"\\\\]|\\\\.)*\""
-- p7 = 100
