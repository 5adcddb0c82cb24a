WITH hits AS (
  SELECT width_bucket(e."timestamp", $20::timestamptz[]) AS bucket
  FROM events e
  WHERE e.project_id = $1::uuid
  AND ((e.page_path = ANY ($2::text[])) AND (strpos(lower(((coalesce(e.properties -> $3::text, e.properties #> $4::text[])) #>> '{}') COLLATE "C"), $5::text) > 0) AND ((SELECT CASE WHEN pg_input_is_valid(v, 'double precision') AND pg_input_is_valid(v, 'json') THEN v::double precision END FROM (SELECT (e.properties -> $8::text) #>> '{}' AS v OFFSET 0) t) BETWEEN $6::double precision AND $7::double precision) AND (e.api_status::double precision >= $9::double precision) AND ((e.page_path ~ $10::text) IS NOT TRUE) AND ((((((e.properties -> $11::text) #>> '{}') COLLATE "C" = $12::text OR (SELECT CASE WHEN pg_input_is_valid(v, 'double precision') AND pg_input_is_valid(v, 'json') THEN v::double precision END FROM (SELECT (e.properties -> $13::text) #>> '{}' AS v OFFSET 0) t) = $14::double precision)) IS NOT TRUE) OR ((((e.groups -> $15::text) #>> '{}') COLLATE "C" IS NOT NULL) IS NOT TRUE) OR ((e.flags & 2 <> 0)::text COLLATE "C" = $16::text) OR (round(date_part('epoch', e.received_at) * 1000)::bigint::double precision < $17::double precision)))
  AND e."timestamp" >= $18::timestamptz
  AND e."timestamp" < $19::timestamptz),
cells AS (SELECT bucket, count(*) AS n FROM hits GROUP BY bucket),
lined AS (SELECT 1 AS line, c.* FROM cells c)
SELECT line, CASE WHEN grouping(bucket) = 1 THEN 0 ELSE bucket END AS bucket,
  sum(n)::double precision AS a, NULL::double precision AS b, NULL AS key
FROM lined GROUP BY GROUPING SETS ((line, bucket), (line))
LIMIT $21::bigint
-- $1 = "01890000-0000-7000-8000-000000000001"
-- $2 = ["/a","/b"]
-- $3 = "cart.items.0"
-- $4 = ["cart","items","0"]
-- $5 = "shoe"
-- $6 = 1
-- $7 = 2.5
-- $8 = "price"
-- $9 = 400
-- $10 = "^\\/[xX][0-9]\\y"
-- $11 = "tag"
-- $12 = "a"
-- $13 = "tag"
-- $14 = 1
-- $15 = "company"
-- $16 = "true"
-- $17 = 1711756800000
-- $18 = "2024-03-30T00:00:00.000Z"
-- $19 = "2024-04-02T00:00:00.000Z"
-- $20 = ["2024-03-30T00:00:00.000Z","2024-03-31T00:00:00.000Z","2024-04-01T00:00:00.000Z"]
-- $21 = 101
