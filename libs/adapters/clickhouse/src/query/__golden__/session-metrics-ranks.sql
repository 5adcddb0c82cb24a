SELECT s.entry_path AS key
FROM (
  SELECT k.session_id AS session_id, k.part AS part,
    argMinIf(k.entry_path, (k.started_at, k.user_key, k.lane), isNotNull(k.entry_path)) AS entry_path,
    min(k.started_at) AS started_at,
    toBool(max(k.is_bot)) AS is_bot,
    arraySort(groupUniqArray(k.user_key)) AS user_keys
  FROM (
    SELECT p.*, if(max(p.users) OVER (PARTITION BY p.session_id) > 20, p.user_key, '') AS part
    FROM (
    SELECT p.*, uniqExact(p.user_key) OVER (PARTITION BY p.session_id, toStartOfDay(p.started_at, 'UTC')) AS users
    FROM (
    SELECT p.session_id AS session_id, p.user_key AS user_key, p.lane AS lane, p.started_at AS started_at, p.ended_at AS ended_at, p.state AS state, p.entry_path AS entry_path, p.is_bot AS is_bot
    FROM sessions AS p
    WHERE p.org_id = {p3:UUID} AND p.project_id = {p4:UUID} AND p.session_id GLOBAL IN (
      SELECT p.session_id FROM sessions AS p
      WHERE p.org_id = {p3:UUID} AND p.project_id = {p4:UUID}
        AND p.state != 'merged'
        AND p.started_at >= fromUnixTimestamp64Milli({p1:Int64}, 'UTC')
        AND p.started_at < fromUnixTimestamp64Milli({p2:Int64}, 'UTC'))
    ORDER BY p.session_id, p.user_key, p.lane, p.revision DESC, p.generation DESC, p.log_offset DESC, p.rank DESC
    LIMIT 1 BY p.session_id, p.user_key, p.lane) AS p
    WHERE p.state != 'merged') AS p) AS k
  GROUP BY k.session_id, k.part) AS s
WHERE s.started_at >= fromUnixTimestamp64Milli({p1:Int64}, 'UTC')
  AND s.started_at < fromUnixTimestamp64Milli({p2:Int64}, 'UTC')
  AND NOT s.is_bot
GROUP BY key
ORDER BY count() DESC, key ASC NULLS LAST LIMIT {p5:UInt64}
-- p1 = 1711756800000
-- p2 = 1712016000000
-- p3 = "01890000-0000-7000-8000-0000000000ff"
-- p4 = "01890000-0000-7000-8000-000000000001"
-- p5 = 25
