SELECT value, count, round(date_part('epoch', last_seen) * 1000)::bigint AS "lastSeen"
FROM (
  SELECT coalesce(e.name, e.type) AS value, count(*) AS count, max(e."timestamp") AS last_seen
  FROM events e
  WHERE e.project_id = $1::uuid
  AND (e.flags & 1) <> 1
  AND e."timestamp" >= $2::timestamptz
  AND e."timestamp" < $3::timestamptz
  GROUP BY 1) v
WHERE value IS NOT NULL
  AND strpos(lower(value), $4::text) > 0
ORDER BY count DESC, value LIMIT $5::bigint
-- $1 = "01890000-0000-7000-8000-000000000001"
-- $2 = "2024-03-30T00:00:00.000Z"
-- $3 = "2024-04-02T00:00:00.000Z"
-- $4 = "bu"
-- $5 = 100
