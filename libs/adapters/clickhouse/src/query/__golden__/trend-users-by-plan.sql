SELECT transform(concat(ifNull(concat(toString(length(arrayMap(v1 -> multiIf(v1 IN ('', 'null'), NULL, NOT startsWith(v1, '"'), v1, position(v1, '\\') = 0, substring(v1, 2, length(v1) - 2), JSONExtractString(v1)), [substring(extract(substring(e.properties, length(extract(e.properties, {p5:String}))), {p6:String}), 2)])[1])), ':', arrayMap(v1 -> multiIf(v1 IN ('', 'null'), NULL, NOT startsWith(v1, '"'), v1, position(v1, '\\') = 0, substring(v1, 2, length(v1) - 2), JSONExtractString(v1)), [substring(extract(substring(e.properties, length(extract(e.properties, {p5:String}))), {p6:String}), 2)])[1]), '-'), ifNull(concat(toString(length(e.page_path)), ':', e.page_path), '-')), {p8:Array(String)}, {p9:Array(UInt32)}, toUInt32(0)) AS line, roundDown(toUnixTimestamp64Milli(e.timestamp) - {p3:Int64}, {p7:Array(Int64)}) + 1 AS bucket, toFloat64(uniqExact(e.user_key)) AS a, NULL AS b
  FROM events AS e FINAL
  WHERE e.org_id = {p1:UUID} AND e.project_id = {p2:UUID}
  AND bitAnd(e.flags, 1) = 0
  AND e.timestamp >= fromUnixTimestamp64Milli({p3:Int64}, 'UTC')
  AND e.timestamp < fromUnixTimestamp64Milli({p4:Int64}, 'UTC')
GROUP BY GROUPING SETS ((line, bucket), (line)) HAVING count() > 0
LIMIT {p10:UInt64}
-- p1 = "01890000-0000-7000-8000-0000000000ff"
-- p2 = "01890000-0000-7000-8000-000000000001"
-- p3 = 1711756800000
-- p4 = 1712016000000
-- p5 = an expression of 1203
-- p6 = an expression of 1153
-- p7 = [0,86400000,172800000]
-- p8 = ["3:pro1:/","-2:ü"]
-- p9 = [1,2]
-- p10 = 101
