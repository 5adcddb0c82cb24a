WITH starts AS MATERIALIZED (
  SELECT e.user_key, width_bucket(e."timestamp", $1::timestamptz[]) - 1 AS cohort, min(e."timestamp") AS at
  FROM events e
  WHERE e.project_id = $2::uuid
  AND (e.flags & 1) <> 1
  AND e."timestamp" >= $3::timestamptz
  AND e."timestamp" < $4::timestamptz
  AND e.type = $5::text
  AND e.name = $6::text
  GROUP BY e.user_key, width_bucket(e."timestamp", $1::timestamptz[]) - 1),
active AS MATERIALIZED (
  SELECT r.user_key, r.bucket, count(*) AS n, count(*) FILTER (WHERE r.at >= c.at) AS since_start
  FROM (SELECT e.user_key, e."timestamp" AS at, width_bucket(e."timestamp", $1::timestamptz[]) - 1 AS bucket FROM events e
  WHERE e.project_id = $2::uuid
  AND (e.flags & 1) <> 1
  AND e."timestamp" >= $7::timestamptz
  AND e."timestamp" < $8::timestamptz) r
  LEFT JOIN starts c ON c.user_key = r.user_key AND c.cohort = r.bucket
  GROUP BY r.user_key, r.bucket HAVING count(*) >= $10::bigint),
pairs AS (
  SELECT c.cohort, a.bucket - c.cohort AS period, c.user_key
  FROM starts c JOIN active a ON a.user_key = c.user_key AND a.bucket > c.cohort AND a.bucket <= c.cohort + $9::integer
  UNION ALL SELECT a.bucket, 0, a.user_key FROM active a WHERE a.since_start >= $10::bigint)
SELECT cohort, -1 AS period, count(*) AS users FROM starts GROUP BY cohort
UNION ALL SELECT cohort, period, count(*) FROM (SELECT cohort, max(period) AS period, user_key FROM pairs GROUP BY cohort, user_key) r GROUP BY cohort, period
-- $1 = ["2024-03-25T00:00:00.000Z","2024-04-01T00:00:00.000Z"]
-- $2 = "01890000-0000-7000-8000-000000000001"
-- $3 = "2024-03-30T00:00:00.000Z"
-- $4 = "2024-04-02T00:00:00.000Z"
-- $5 = "custom"
-- $6 = "buy"
-- $7 = "2024-03-30T00:00:00.000Z"
-- $8 = "2024-04-02T00:00:00.000Z"
-- $9 = 11
-- $10 = 1
