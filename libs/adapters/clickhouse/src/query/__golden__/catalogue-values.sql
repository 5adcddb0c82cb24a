SELECT arrayMap(v3 -> multiIf(v3 IN ('', 'null'), NULL, NOT startsWith(v3, '"'), v3, position(v3, '\\') = 0, substring(v3, 2, length(v3) - 2), JSONExtractString(v3)), [arrayMap(v2 -> if(v2 != '', v2, arrayMap(v1 -> substring(extract(substring(v1, length(extract(v1, {p8:String}))), {p6:String}), 2), [substring(extract(substring(e.context, length(extract(e.context, {p7:String}))), {p6:String}), 2)])[1]), [substring(extract(substring(e.context, length(extract(e.context, {p5:String}))), {p6:String}), 2)])[1]])[1] AS value, count() AS count, toUnixTimestamp64Milli(max(e.timestamp)) AS lastSeen
  FROM events AS e FINAL
  WHERE e.org_id = {p1:UUID} AND e.project_id = {p2:UUID}
  AND bitAnd(e.flags, 1) = 0
  AND e.timestamp >= fromUnixTimestamp64Milli({p3:Int64}, 'UTC')
  AND e.timestamp < fromUnixTimestamp64Milli({p4:Int64}, 'UTC')
GROUP BY value
HAVING isNotNull(value)
ORDER BY count DESC, value LIMIT {p9:UInt64}
-- p1 = "01890000-0000-7000-8000-0000000000ff"
-- p2 = "01890000-0000-7000-8000-000000000001"
-- p3 = 1711756800000
-- p4 = 1712016000000
-- p5 = an expression of 1182
-- p6 = an expression of 1153
-- p7 = an expression of 1143
-- p8 = an expression of 1143
-- p9 = 100
