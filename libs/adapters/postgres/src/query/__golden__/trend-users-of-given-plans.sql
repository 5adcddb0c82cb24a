WITH hits AS (
  SELECT width_bucket(e."timestamp", $4::timestamptz[]) AS bucket, ARRAY[((e.properties -> $5::text) #>> '{}') COLLATE "C", e.page_path] AS key, e.user_key AS actor
  FROM events e
  WHERE e.project_id = $1::uuid
  AND e.flags & 1 = 0
  AND e."timestamp" >= $2::timestamptz
  AND e."timestamp" < $3::timestamptz),
cells AS (SELECT key, bucket, actor, count(*) AS n FROM hits GROUP BY key, bucket, actor),
ranks AS (
  SELECT ARRAY(SELECT v COLLATE "C" FROM jsonb_array_elements_text(k.value) WITH ORDINALITY AS t (v, i) ORDER BY i) AS key, k.line::integer
  FROM jsonb_array_elements($6::jsonb) WITH ORDINALITY AS k (value, line)),
lined AS (SELECT coalesce(r.line, 0) AS line, c.* FROM cells c LEFT JOIN ranks r ON r.key = c.key),
people AS (SELECT line, bucket, actor, sum(n) AS n, min(key) AS key FROM lined GROUP BY line, bucket, actor),
whole AS (SELECT line, min(bucket) AS bucket, actor, sum(n) AS n, min(key) AS key FROM people GROUP BY line, actor)
SELECT line, bucket, count(*)::double precision AS a, NULL::double precision AS b, NULL AS key FROM people GROUP BY line, bucket
UNION ALL SELECT line, 0, count(*)::double precision AS a, NULL::double precision AS b, CASE WHEN line > 0 THEN to_json(min(key))::text END FROM whole GROUP BY line
LIMIT $7::bigint
-- $1 = "01890000-0000-7000-8000-000000000001"
-- $2 = "2024-03-30T00:00:00.000Z"
-- $3 = "2024-04-02T00:00:00.000Z"
-- $4 = ["2024-03-30T00:00:00.000Z","2024-03-31T00:00:00.000Z","2024-04-01T00:00:00.000Z"]
-- $5 = "plan"
-- $6 = "[[\"pro\",\"/\"],[null,\"/\"]]"
-- $7 = 101
