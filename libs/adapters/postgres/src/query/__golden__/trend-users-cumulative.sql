WITH hits AS (
  SELECT width_bucket(e."timestamp", $4::timestamptz[]) AS bucket, e.user_key AS actor
  FROM events e
  WHERE e.project_id = $1::uuid
  AND (e.flags & 1) <> 1
  AND e."timestamp" >= $2::timestamptz
  AND e."timestamp" < $3::timestamptz),
cells AS (SELECT bucket, actor, count(*) AS n FROM hits GROUP BY bucket, actor),
lined AS (SELECT 1 AS line, c.* FROM cells c),
people AS (SELECT line, bucket, actor, n FROM lined),
whole AS (SELECT line, min(bucket) AS bucket, actor, sum(n) AS n FROM people GROUP BY line, actor)
SELECT line, bucket, NULL::double precision AS a, count(*)::double precision AS b, NULL AS key FROM whole GROUP BY line, bucket
UNION ALL SELECT line, bucket, sum(n)::double precision, NULL, NULL FROM people GROUP BY line, bucket
UNION ALL SELECT line, 0, sum(n)::double precision AS a, count(*)::double precision AS b, NULL FROM whole GROUP BY line
LIMIT $5::bigint
-- $1 = "01890000-0000-7000-8000-000000000001"
-- $2 = "2024-03-30T00:00:00.000Z"
-- $3 = "2024-04-02T00:00:00.000Z"
-- $4 = ["2024-03-30T00:00:00.000Z","2024-03-31T00:00:00.000Z","2024-04-01T00:00:00.000Z"]
-- $5 = 101
