SELECT toUInt32(1) AS line, roundDown(toUnixTimestamp64Milli(e.timestamp) - {p24:Int64}, {p26:Array(Int64)}) + 1 AS bucket, toFloat64(count()) AS a, NULL AS b
  FROM events AS e FINAL
  WHERE e.org_id = {p1:UUID} AND e.project_id = {p2:UUID}
  AND ((e.page_path IN {p3:Array(String)}) AND (position(lower(arrayMap(v4 -> multiIf(v4 IN ('', 'null'), NULL, NOT startsWith(v4, '"'), v4, position(v4, '\\') = 0, substring(v4, 2, length(v4) - 2), JSONExtractString(v4)), [arrayMap(v3 -> if(v3 != '', v3, arrayMap(v2 -> if(startsWith(v2, '['), extractAll(substring(v2, 2), {p8:String})[{p9:Int64}], substring(extract(substring(v2, length(extract(v2, {p10:String}))), {p5:String}), 2)), [arrayMap(v1 -> substring(extract(substring(v1, length(extract(v1, {p7:String}))), {p5:String}), 2), [substring(extract(substring(e.properties, length(extract(e.properties, {p6:String}))), {p5:String}), 2)])[1]])[1]), [substring(extract(substring(e.properties, length(extract(e.properties, {p4:String}))), {p5:String}), 2)])[1]])[1]), {p11:String}) > 0) AND (arrayMap(v6 -> if(isFinite(toFloat64OrNull(v6)) AND NOT (toFloat64OrNull(v6) = 0 AND match(v6, {p16:String})), toFloat64OrNull(v6), NULL), [extract(ifNull(arrayMap(v5 -> multiIf(v5 IN ('', 'null'), NULL, NOT startsWith(v5, '"'), v5, position(v5, '\\') = 0, substring(v5, 2, length(v5) - 2), JSONExtractString(v5)), [substring(extract(substring(e.properties, length(extract(e.properties, {p14:String}))), {p5:String}), 2)])[1], ''), {p15:String})])[1] BETWEEN {p12:Float64} AND {p13:Float64}) AND (toFloat64(e.api_status) >= {p17:Float64}) AND (NOT ifNull(match(e.page_path, {p18:String}), false)) AND ((NOT ifNull((arrayMap(v7 -> multiIf(v7 IN ('', 'null'), NULL, NOT startsWith(v7, '"'), v7, position(v7, '\\') = 0, substring(v7, 2, length(v7) - 2), JSONExtractString(v7)), [substring(extract(substring(e.properties, length(extract(e.properties, {p19:String}))), {p5:String}), 2)])[1] = {p20:String} OR arrayMap(v9 -> if(isFinite(toFloat64OrNull(v9)) AND NOT (toFloat64OrNull(v9) = 0 AND match(v9, {p16:String})), toFloat64OrNull(v9), NULL), [extract(ifNull(arrayMap(v8 -> multiIf(v8 IN ('', 'null'), NULL, NOT startsWith(v8, '"'), v8, position(v8, '\\') = 0, substring(v8, 2, length(v8) - 2), JSONExtractString(v8)), [substring(extract(substring(e.properties, length(extract(e.properties, {p19:String}))), {p5:String}), 2)])[1], ''), {p15:String})])[1] = {p12:Float64}), false)) OR (NOT ifNull(isNotNull(arrayMap(v10 -> multiIf(v10 IN ('', 'null'), NULL, NOT startsWith(v10, '"'), v10, position(v10, '\\') = 0, substring(v10, 2, length(v10) - 2), JSONExtractString(v10)), [substring(extract(substring(e.groups, length(extract(e.groups, {p21:String}))), {p5:String}), 2)])[1]), false)) OR (toString(toBool(bitAnd(e.flags, 2) != 0)) = {p22:String}) OR (toFloat64(toUnixTimestamp64Milli(e.received_at)) < {p23:Float64})))
  AND e.timestamp >= fromUnixTimestamp64Milli({p24:Int64}, 'UTC')
  AND e.timestamp < fromUnixTimestamp64Milli({p25:Int64}, 'UTC')
GROUP BY GROUPING SETS ((line, bucket), (line)) HAVING count() > 0
LIMIT {p27:UInt64}
-- p1 = "01890000-0000-7000-8000-0000000000ff"
-- p2 = "01890000-0000-7000-8000-000000000001"
-- p3 = ["/a","/b"]
-- p4 = an expression of 1350
-- p5 = an expression of 1153
-- p6 = an expression of 1197
-- p7 = an expression of 1218
-- p8 = an expression of 1142
-- p9 = 1
-- p10 = an expression of 1143
-- p11 = "shoe"
-- p12 = 1
-- p13 = 2.5
-- p14 = an expression of 1215
-- p15 = "^[ \\t\\n\\r]*(-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)[ \\t\\n\\r]*$"
-- p16 = "^[^eE]*[1-9]"
-- p17 = 400
-- p18 = "^\\/[xX][0-9]\\b"
-- p19 = an expression of 1179
-- p20 = "a"
-- p21 = an expression of 1260
-- p22 = "true"
-- p23 = 1711756800000
-- p24 = 1711756800000
-- p25 = 1712016000000
-- p26 = [0,86400000,172800000]
-- p27 = 101
