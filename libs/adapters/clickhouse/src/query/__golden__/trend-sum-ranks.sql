SELECT arrayMap(v1 -> multiIf(v1 IN ('', 'null'), NULL, NOT startsWith(v1, '"'), v1, position(v1, '\\') = 0, substring(v1, 2, length(v1) - 2), JSONExtractString(v1)), [substring(extract(substring(e.properties, length(extract(e.properties, {p5:String}))), {p6:String}), 2)])[1] AS k1, e.page_path AS k2
  FROM events AS e FINAL
  WHERE e.org_id = {p1:UUID} AND e.project_id = {p2:UUID}
  AND bitAnd(e.flags, 1) = 0
  AND e.timestamp >= fromUnixTimestamp64Milli({p3:Int64}, 'UTC')
  AND e.timestamp < fromUnixTimestamp64Milli({p4:Int64}, 'UTC')
GROUP BY k1, k2
ORDER BY ifNull(sum(arrayMap(v3 -> if(isFinite(toFloat64OrNull(v3)) AND NOT (toFloat64OrNull(v3) = 0 AND match(v3, {p9:String})), toFloat64OrNull(v3), NULL), [extract(ifNull(arrayMap(v2 -> multiIf(v2 IN ('', 'null'), NULL, NOT startsWith(v2, '"'), v2, position(v2, '\\') = 0, substring(v2, 2, length(v2) - 2), JSONExtractString(v2)), [substring(extract(substring(e.properties, length(extract(e.properties, {p7:String}))), {p6:String}), 2)])[1], ''), {p8:String})])[1]), 0) DESC NULLS LAST, k1 ASC NULLS LAST, k2 ASC NULLS LAST LIMIT {p10:UInt64}
-- p1 = "01890000-0000-7000-8000-0000000000ff"
-- p2 = "01890000-0000-7000-8000-000000000001"
-- p3 = 1711756800000
-- p4 = 1712016000000
-- p5 = an expression of 1203
-- p6 = an expression of 1153
-- p7 = an expression of 1215
-- p8 = "^[ \\t\\n\\r]*(-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)[ \\t\\n\\r]*$"
-- p9 = "^[^eE]*[1-9]"
-- p10 = 10
