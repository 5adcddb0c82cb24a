WITH starts AS MATERIALIZED (
  SELECT user_key, at, width_bucket(at, $1::timestamptz[]) - 1 AS cohort
  FROM (SELECT e.user_key, min(e."timestamp") AS at
  FROM events e
  WHERE e.project_id = $2::uuid
  AND (e.flags & 1) <> 1
  AND e."timestamp" < $3::timestamptz
  AND e.type = $4::text
  AND e.name = $5::text
  GROUP BY e.user_key HAVING min(e."timestamp") >= $10::timestamptz) f),
pairs AS (
  SELECT c.cohort, width_bucket(e."timestamp", $1::timestamptz[]) - 1 - c.cohort AS period, c.user_key
  FROM (SELECT e.user_key, e."timestamp" FROM events e
  WHERE e.project_id = $2::uuid
  AND (e.flags & 1) <> 1
  AND e."timestamp" >= $6::timestamptz
  AND e."timestamp" < $7::timestamptz) e
  JOIN starts c ON c.user_key = e.user_key AND e."timestamp" >= c.at
  WHERE width_bucket(e."timestamp", $1::timestamptz[]) - 1 - c.cohort <= $8::integer
  GROUP BY c.cohort, width_bucket(e."timestamp", $1::timestamptz[]) - 1 - c.cohort, c.user_key HAVING count(*) >= $9::bigint)
SELECT cohort, -1 AS period, count(*) AS users FROM starts GROUP BY cohort
UNION ALL SELECT cohort, period, count(*) FROM (SELECT cohort, period, user_key FROM pairs) r GROUP BY cohort, period
-- $1 = ["2024-03-30T00:00:00.000Z","2024-03-31T00:00:00.000Z","2024-04-01T00:00:00.000Z"]
-- $2 = "01890000-0000-7000-8000-000000000001"
-- $3 = "2024-04-02T00:00:00.000Z"
-- $4 = "custom"
-- $5 = "buy"
-- $6 = "2024-03-30T00:00:00.000Z"
-- $7 = "2024-04-02T00:00:00.000Z"
-- $8 = 11
-- $9 = 1
-- $10 = "2024-03-30T00:00:00.000Z"
