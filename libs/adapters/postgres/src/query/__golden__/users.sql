SELECT e.user_key AS "userKey", round(date_part('epoch', min(e."timestamp")) * 1000)::bigint AS "firstSeen",
  round(date_part('epoch', max(e."timestamp")) * 1000)::bigint AS "lastSeen", count(*) AS events
FROM events e
  WHERE e.project_id = $1::uuid
  AND (e.flags & 1) <> 1
  AND e."timestamp" >= $2::timestamptz
  AND e."timestamp" < $3::timestamptz
GROUP BY e.user_key
HAVING bool_or(strpos(lower(e.user_id), $4::text) > 0 OR strpos(lower(e.anonymous_id), $4::text) > 0)
  AND (max(e."timestamp") < $5::timestamptz OR max(e."timestamp") = $5::timestamptz AND e.user_key > $6::text)
ORDER BY max(e."timestamp") DESC, e.user_key LIMIT $7::bigint
-- $1 = "01890000-0000-7000-8000-000000000001"
-- $2 = "2024-03-30T00:00:00.000Z"
-- $3 = "2024-04-02T00:00:00.000Z"
-- $4 = "ann"
-- $5 = "1970-01-01T00:00:00.001Z"
-- $6 = "u:a"
-- $7 = 11
