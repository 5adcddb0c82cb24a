SELECT cohort, period, count() AS users
FROM (
  SELECT bucket AS cohort, arrayJoin(arrayConcat([toInt64(-1)], if(empty(later), if(at_once, [toInt64(0)], []), [arrayMax(later) - bucket]))) AS period
  FROM (
    SELECT bucket, starts, groupArrayIf(bucket, returns >= {p1:UInt64}) OVER ahead AS later,
      length(latest) >= {p1:UInt64} AND -latest[{p1:UInt64}] >= started AS at_once
    FROM (
SELECT e.user_key AS user_key, transform(roundDown(toUnixTimestamp64Milli(e.timestamp), {p6:Array(Int64)}), {p6:Array(Int64)}, {p7:Array(Int64)}, toInt64(0)) AS bucket, countIf(e.type = {p4:String}
  AND e.name = {p5:String}) AS starts, minIf(toUnixTimestamp64Milli(e.timestamp), e.type = {p4:String}
  AND e.name = {p5:String}) AS started, countIf(true) AS returns, groupArraySortedIf({p1:UInt64})(-toUnixTimestamp64Milli(e.timestamp), true) AS latest
  FROM events AS e FINAL
  WHERE e.org_id = {p8:UUID} AND e.project_id = {p9:UUID}
  AND bitAnd(e.flags, 1) = 0
  AND e.timestamp >= fromUnixTimestamp64Milli({p3:Int64}, 'UTC')
  AND e.timestamp < fromUnixTimestamp64Milli({p10:Int64}, 'UTC')
  AND ((e.type = {p4:String}
  AND e.name = {p5:String}) OR (true))
GROUP BY user_key, bucket)
    WINDOW ahead AS (PARTITION BY user_key ORDER BY bucket RANGE BETWEEN 1 FOLLOWING AND {p2:UInt64} FOLLOWING))
  WHERE starts > 0 AND bucket > 0)
GROUP BY cohort, period
-- p1 = 1
-- p2 = 11
-- p3 = 1711756800000
-- p4 = "custom"
-- p5 = "buy"
-- p6 = [1711324800000,1711929600000]
-- p7 = [1,2]
-- p8 = "01890000-0000-7000-8000-0000000000ff"
-- p9 = "01890000-0000-7000-8000-000000000001"
-- p10 = 1712016000000
