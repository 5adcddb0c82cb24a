WITH hits AS (
  SELECT width_bucket(e."timestamp", $4::timestamptz[]) AS bucket, ((e.properties -> $5::text) #>> '{}') COLLATE "C" AS k1, e.page_path AS k2, e.user_key AS actor
  FROM events e
  WHERE e.project_id = $1::uuid
  AND (e.flags & 1) <> 1
  AND e."timestamp" >= $2::timestamptz
  AND e."timestamp" < $3::timestamptz),
cells AS (SELECT k1, k2, bucket, actor, count(*) AS n FROM hits GROUP BY k1, k2, bucket, actor),
ranks AS (
  SELECT k1, k2, row_number() OVER (ORDER BY count(*) DESC NULLS LAST, k1, k2)::integer AS line
  FROM (SELECT k1, k2, actor, sum(n) AS n FROM cells GROUP BY k1, k2, actor) k GROUP BY k1, k2 ORDER BY line LIMIT $6::bigint),
lined AS (
  SELECT coalesce(r.line, 0) AS line, c.* FROM cells c
  LEFT JOIN ranks r ON ARRAY[r.k1, r.k2] = ARRAY[c.k1, c.k2]),
people AS (
  SELECT line, bucket, actor, n FROM lined WHERE line > 0
  UNION ALL SELECT line, bucket, actor, sum(n) FROM lined WHERE line = 0 GROUP BY line, bucket, actor),
whole AS (SELECT line, min(bucket) AS bucket, actor, sum(n) AS n FROM people GROUP BY line, actor)
SELECT line, bucket, count(*)::double precision AS a, NULL::double precision AS b, NULL AS key FROM people GROUP BY line, bucket
UNION ALL SELECT line, 0, count(*)::double precision AS a, NULL::double precision AS b, NULL FROM whole GROUP BY line
UNION ALL SELECT line, -1, NULL, NULL, to_json(ARRAY[k1, k2])::text FROM ranks
LIMIT $7::bigint
-- $1 = "01890000-0000-7000-8000-000000000001"
-- $2 = "2024-03-30T00:00:00.000Z"
-- $3 = "2024-04-02T00:00:00.000Z"
-- $4 = ["2024-03-30T00:00:00.000Z","2024-03-31T00:00:00.000Z","2024-04-01T00:00:00.000Z"]
-- $5 = "plan"
-- $6 = 10
-- $7 = 101
