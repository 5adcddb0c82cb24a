WITH hits AS (
  SELECT width_bucket(e."timestamp", $4::timestamptz[]) AS bucket, ARRAY[((e.properties -> $5::text) #>> '{}') COLLATE "C", e.page_path] AS key, (SELECT CASE WHEN pg_input_is_valid(v, 'double precision') AND pg_input_is_valid(v, 'json') THEN v::double precision END FROM (SELECT (e.properties -> $6::text) #>> '{}' AS v OFFSET 0) t) AS amount
  FROM events e
  WHERE e.project_id = $1::uuid
  AND e.flags & 1 = 0
  AND e."timestamp" >= $2::timestamptz
  AND e."timestamp" < $3::timestamptz),
cells AS (SELECT key, bucket, sum(amount) AS n, count(amount) AS m FROM hits GROUP BY key, bucket),
ranks AS (
  SELECT key, row_number() OVER (ORDER BY sum(n) / nullif(sum(m), 0) DESC NULLS LAST, key)::integer AS line
  FROM cells GROUP BY key ORDER BY line LIMIT $7::bigint),
lined AS (SELECT coalesce(r.line, 0) AS line, c.* FROM cells c LEFT JOIN ranks r ON r.key = c.key)
SELECT line, CASE WHEN grouping(bucket) = 1 THEN 0 ELSE bucket END AS bucket,
  sum(n)::double precision AS a, sum(m)::double precision AS b, CASE WHEN grouping(bucket) = 1 AND line > 0 THEN to_json(min(key))::text END AS key
FROM lined GROUP BY GROUPING SETS ((line, bucket), (line))
LIMIT $8::bigint
-- $1 = "01890000-0000-7000-8000-000000000001"
-- $2 = "2024-03-30T00:00:00.000Z"
-- $3 = "2024-04-02T00:00:00.000Z"
-- $4 = ["2024-03-30T00:00:00.000Z","2024-03-31T00:00:00.000Z","2024-04-01T00:00:00.000Z"]
-- $5 = "plan"
-- $6 = "price"
-- $7 = 10
-- $8 = 101
