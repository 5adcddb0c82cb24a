WITH hits AS (
  SELECT width_bucket(e."timestamp", $4::timestamptz[]) AS bucket
  FROM events e
  WHERE e.project_id = $1::uuid
  AND (e.flags & 1) <> 1
  AND e."timestamp" >= $2::timestamptz
  AND e."timestamp" < $3::timestamptz),
cells AS (SELECT bucket, count(*) AS n FROM hits GROUP BY bucket),
lined AS (SELECT 1 AS line, c.* FROM cells c)
SELECT line, CASE WHEN grouping(bucket) = 1 THEN 0 ELSE bucket END AS bucket,
  sum(n)::double precision AS a, NULL::double precision AS b, NULL AS key
FROM lined GROUP BY GROUPING SETS ((line, bucket), (line))
LIMIT $5::bigint
-- $1 = "01890000-0000-7000-8000-000000000001"
-- $2 = "2024-03-30T00:00:00.000Z"
-- $3 = "2024-04-02T00:00:00.000Z"
-- $4 = ["2024-03-30T00:00:00.000Z","2024-03-31T00:00:00.000Z","2024-04-01T00:00:00.000Z"]
-- $5 = 101
