SELECT p.user_key AS userKey, uniqExact(p.session_id) AS sessions
FROM (
    SELECT p.session_id AS session_id, p.user_key AS user_key, p.lane AS lane, p.started_at AS started_at, p.ended_at AS ended_at, p.state AS state
    FROM sessions AS p
    WHERE p.org_id = {p2:UUID} AND p.project_id = {p3:UUID} AND p.user_key IN {p1:Array(String)}
    ORDER BY p.session_id, p.user_key, p.lane, p.revision DESC, p.generation DESC, p.log_offset DESC, p.rank DESC
    LIMIT 1 BY p.session_id, p.user_key, p.lane) AS p
WHERE p.state != 'merged' AND p.started_at < fromUnixTimestamp64Milli({p4:Int64}, 'UTC')
  AND p.ended_at >= fromUnixTimestamp64Milli({p5:Int64}, 'UTC')
GROUP BY userKey
-- p1 = ["u:ann","u:bob"]
-- p2 = "01890000-0000-7000-8000-0000000000ff"
-- p3 = "01890000-0000-7000-8000-000000000001"
-- p4 = 1712016000000
-- p5 = 1711756800000
