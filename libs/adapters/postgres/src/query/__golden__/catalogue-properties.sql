SELECT value, count, round(date_part('epoch', last_seen) * 1000)::bigint AS "lastSeen"
FROM (
  SELECT e.key AS value, count(*) AS count, max(e."timestamp") AS last_seen
  FROM (SELECT e."timestamp", json_object_keys(e.properties) COLLATE "C" AS key FROM events e
  WHERE e.project_id = $1::uuid
  AND (e.flags & 1) <> 1
  AND e."timestamp" >= $2::timestamptz
  AND e."timestamp" < $3::timestamptz) e
  GROUP BY 1) v
WHERE value IS NOT NULL
ORDER BY count DESC, value LIMIT $4::bigint
-- $1 = "01890000-0000-7000-8000-000000000001"
-- $2 = "2024-03-30T00:00:00.000Z"
-- $3 = "2024-04-02T00:00:00.000Z"
-- $4 = 100
