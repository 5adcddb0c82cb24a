WITH entries AS (
  SELECT e.user_key, min(e."timestamp") AS at
  FROM events e
  WHERE e.project_id = $2::uuid
  AND (e.flags & 1) <> 1
  AND e."timestamp" >= $3::timestamptz
  AND e."timestamp" < $4::timestamptz
  AND e.type = $5::text
  AND e.name = $6::text
  GROUP BY e.user_key, width_bucket(e."timestamp", $1::timestamptz[])),
starts AS MATERIALIZED (SELECT user_key, at, width_bucket(at, $1::timestamptz[]) - 1 AS cohort FROM entries),
returns AS MATERIALIZED (
  SELECT e.user_key, e."timestamp" AS at, width_bucket(e."timestamp", $1::timestamptz[]) - 1 AS bucket
  FROM events e
  WHERE e.project_id = $2::uuid
  AND (e.flags & 1) <> 1
  AND e."timestamp" >= $7::timestamptz
  AND e."timestamp" < $8::timestamptz),
active AS (SELECT user_key, bucket FROM returns GROUP BY user_key, bucket HAVING count(*) >= $10::bigint),
pairs AS (
  SELECT s.cohort, a.bucket - s.cohort AS period, s.user_key
  FROM starts s JOIN active a ON a.user_key = s.user_key AND a.bucket > s.cohort AND a.bucket <= s.cohort + $9::integer
  UNION ALL
  SELECT s.cohort, 0, s.user_key
  FROM starts s JOIN returns r ON r.user_key = s.user_key AND r.bucket = s.cohort AND r.at >= s.at
  GROUP BY s.cohort, s.user_key HAVING count(*) >= $10::bigint)
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
