WITH arrayMap(
    held -> arrayFirst(x -> x.1 = held[-1].1, held),
    [arrayMap(
      held -> if(arrayExists(x -> x.2 = ifNull(e.session_id, ''), held), arrayFilter(x -> x.2 = ifNull(e.session_id, ''), held), held),
      [arrayFilter(x -> x.4 >= e.timestamp, u.candidates)])[1]])[1] AS s
SELECT toUInt32(1) AS line, roundDown(toUnixTimestamp64Milli(e.timestamp) - {p4:Int64}, {p6:Array(Int64)}) + 1 AS bucket, toFloat64(uniqExact((tupleElement(s, 2), tupleElement(s, 3)))) AS a, NULL AS b
  FROM events AS e FINAL
  GLOBAL ASOF LEFT JOIN (
  SELECT user_key, c.1 AS started_at, c.2 AS candidates
  FROM (
    SELECT own.1 AS user_key,
      arraySort(x -> (x.1, x.2, x.3), groupArray((own.2, toNullable(m.session_id), toNullable(m.part), own.3, toNullable(m.entry_path)))) AS list,
      arrayExists((x, y) -> x.4 >= y.1, arrayPopBack(list), arrayPopFront(list)) AS tangled
    FROM (
  SELECT k.session_id AS session_id, k.part AS part,
    argMinIf(k.entry_path, (k.started_at, k.user_key, k.lane), isNotNull(k.entry_path)) AS entry_path,
    groupArray((k.user_key, k.started_at, k.ended_at)) AS parts
  FROM (
    SELECT p.*, if(max(p.users) OVER (PARTITION BY p.session_id) > 20, p.user_key, '') AS part
    FROM (
    SELECT p.*, uniqExact(p.user_key) OVER (PARTITION BY p.session_id, toStartOfDay(p.started_at, 'UTC')) AS users
    FROM (
    SELECT p.session_id AS session_id, p.user_key AS user_key, p.lane AS lane, p.started_at AS started_at, p.ended_at AS ended_at, p.state AS state, p.entry_path AS entry_path
    FROM sessions AS p
    WHERE p.org_id = {p1:UUID} AND p.project_id = {p2:UUID} AND p.session_id GLOBAL IN (
      SELECT p.session_id FROM sessions AS p
      WHERE p.org_id = {p1:UUID} AND p.project_id = {p2:UUID}
        AND p.state != 'merged'
        AND p.started_at < fromUnixTimestamp64Milli({p5:Int64}, 'UTC')
        AND p.ended_at >= fromUnixTimestamp64Milli({p4:Int64}, 'UTC'))
    ORDER BY p.session_id, p.user_key, p.lane, p.revision DESC, p.generation DESC, p.log_offset DESC, p.rank DESC
    LIMIT 1 BY p.session_id, p.user_key, p.lane) AS p
    WHERE p.state != 'merged') AS p) AS k
  GROUP BY k.session_id, k.part) AS m
    ARRAY JOIN m.parts AS own
    GROUP BY user_key)
  ARRAY JOIN if(tangled, arrayMap(
      i -> (list[i].1, arrayFilter(x -> x.4 >= list[i].1, arraySlice(list, 1, i))),
      arrayFilter(i -> i = length(list) OR list[i + 1].1 > list[i].1, arrayEnumerate(list))), arrayMap(x -> (x.1, [x]), list)) AS c) AS u
  ON u.user_key = e.user_key AND e.timestamp >= u.started_at
  WHERE e.org_id = {p1:UUID} AND e.project_id = {p2:UUID}
  AND bitAnd(e.flags, 1) = 0
  AND (tupleElement(s, 5) = {p3:String})
  AND e.timestamp >= fromUnixTimestamp64Milli({p4:Int64}, 'UTC')
  AND e.timestamp < fromUnixTimestamp64Milli({p5:Int64}, 'UTC')
  AND isNotNull(tupleElement(s, 2))
GROUP BY GROUPING SETS ((line, bucket), (line)) HAVING count() > 0
LIMIT {p7:UInt64}
-- p1 = "01890000-0000-7000-8000-0000000000ff"
-- p2 = "01890000-0000-7000-8000-000000000001"
-- p3 = "/"
-- p4 = 1711756800000
-- p5 = 1712016000000
-- p6 = [0,86400000,172800000]
-- p7 = 101
