WITH entries AS (
  SELECT e.user_key, min(e."timestamp") AS at
  FROM events e
  WHERE e.project_id = $2::uuid
  AND (e.flags & 1) <> 1
  AND e."timestamp" < $3::timestamptz
  AND e.type = $4::text
  AND e.name = $5::text
  GROUP BY e.user_key HAVING min(e."timestamp") >= $10::timestamptz),
starts AS MATERIALIZED (SELECT user_key, at, width_bucket(at, $1::timestamptz[]) - 1 AS cohort FROM entries),
returns AS MATERIALIZED (
  SELECT e.user_key, e."timestamp" AS at, width_bucket(e."timestamp", $1::timestamptz[]) - 1 AS bucket
  FROM events e
  WHERE e.project_id = $2::uuid
  AND (e.flags & 1) <> 1
  AND e."timestamp" >= $6::timestamptz
  AND e."timestamp" < $7::timestamptz),
active AS (SELECT user_key, bucket FROM returns GROUP BY user_key, bucket HAVING count(*) >= $9::bigint),
pairs AS (
  SELECT s.cohort, a.bucket - s.cohort AS period, s.user_key
  FROM starts s JOIN active a ON a.user_key = s.user_key AND a.bucket > s.cohort AND a.bucket <= s.cohort + $8::integer
  UNION ALL
  SELECT s.cohort, 0, s.user_key
  FROM starts s JOIN returns r ON r.user_key = s.user_key AND r.bucket = s.cohort AND r.at >= s.at
  GROUP BY s.cohort, s.user_key HAVING count(*) >= $9::bigint)
SELECT cohort, -1 AS period, count(*) AS users FROM starts GROUP BY cohort
UNION ALL SELECT cohort, period, count(*) FROM (SELECT cohort, period AS period, user_key FROM pairs GROUP BY cohort, user_key, period) r GROUP BY cohort, period
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
