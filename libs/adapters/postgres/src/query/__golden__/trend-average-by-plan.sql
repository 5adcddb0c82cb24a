WITH hits AS (
  SELECT bucket, k1, k2, CASE WHEN pg_input_is_valid(amount, 'double precision') AND pg_input_is_valid(amount, 'json') THEN amount::double precision END AS amount FROM (
  SELECT width_bucket(e."timestamp", $4::timestamptz[]) AS bucket, ((e.properties -> $5::text) #>> '{}') COLLATE "C" AS k1, e.page_path AS k2, (e.properties -> $6::text) #>> '{}' AS amount
  FROM events e
  WHERE e.project_id = $1::uuid
  AND (e.flags & 1) <> 1
  AND e."timestamp" >= $2::timestamptz
  AND e."timestamp" < $3::timestamptz OFFSET 0) t),
cells AS (SELECT k1, k2, bucket, sum(amount) AS n, count(amount) AS m FROM hits GROUP BY k1, k2, bucket),
ranks AS (
  SELECT k1, k2, row_number() OVER (ORDER BY sum(n) / nullif(sum(m), 0) DESC NULLS LAST, k1, k2)::integer AS line
  FROM cells GROUP BY k1, k2 ORDER BY line LIMIT $7::bigint),
lined AS (
  SELECT coalesce(r.line, 0) AS line, c.* FROM cells c
  LEFT JOIN ranks r ON ARRAY[r.k1, r.k2] = ARRAY[c.k1, c.k2])
SELECT line, CASE WHEN grouping(bucket) = 1 THEN 0 ELSE bucket END AS bucket,
  sum(n)::double precision AS a, sum(m)::double precision AS b, NULL AS key
FROM lined GROUP BY GROUPING SETS ((line, bucket), (line))
UNION ALL SELECT line, -1, NULL, NULL, to_json(ARRAY[k1, k2])::text FROM ranks
LIMIT $8::bigint
-- $1 = "01890000-0000-7000-8000-000000000001"
-- $2 = "2024-03-30T00:00:00.000Z"
-- $3 = "2024-04-02T00:00:00.000Z"
-- $4 = ["2024-03-30T00:00:00.000Z","2024-03-31T00:00:00.000Z","2024-04-01T00:00:00.000Z"]
-- $5 = "plan"
-- $6 = "price"
-- $7 = 10
-- $8 = 101
