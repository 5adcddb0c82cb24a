SELECT q.actor AS user_key,
  string_agg(q.at::text, ',' ORDER BY q."timestamp", q.sequence, q.event_id) AS at,
  string_agg(q.steps::text, ',' ORDER BY q."timestamp", q.sequence, q.event_id) AS steps,
  string_agg(q.ordinals::text, ',' ORDER BY q."timestamp", q.sequence, q.event_id) AS ordinals,
  json_agg(q.held ORDER BY q."timestamp", q.sequence, q.event_id)::text AS held,
  json_agg(q.value ORDER BY q."timestamp", q.sequence, q.event_id)::text AS value,
  NULL AS exclusions
FROM (
  SELECT e.user_key AS actor,
    round(date_part('epoch', e."timestamp" - $6::timestamptz) * 1000)::bigint AS at,
    CASE WHEN e.name = $1::text THEN 1 ELSE 0 END | CASE WHEN e.name = $2::text THEN 2 ELSE 0 END AS steps,
    row_number() OVER (PARTITION BY e.user_key ORDER BY e."timestamp", e.sequence, e.event_id) AS ordinals,
    ((e.properties -> $7::text) #>> '{}') COLLATE "C" AS held,
    e.page_path AS value,
    e."timestamp", e.sequence, e.event_id
  FROM events e
  WHERE e.project_id = $3::uuid
  AND (e.flags & 1) <> 1
  AND e."timestamp" >= $4::timestamptz
  AND e."timestamp" < $5::timestamptz) q
WHERE q.steps <> 0
GROUP BY q.actor HAVING bool_or(q.steps & 1 <> 0)
-- $1 = "A"
-- $2 = "B"
-- $3 = "01890000-0000-7000-8000-000000000001"
-- $4 = "2024-03-30T00:00:00.000Z"
-- $5 = "2024-04-02T00:00:00.000Z"
-- $6 = "2024-03-30T00:00:00.000Z"
-- $7 = "cart"
