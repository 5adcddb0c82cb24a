SELECT e."timestamp", e."received_at", e."sequence", e."log_offset", e."log_partition", e."flags", e."lane", e."org_id", e."project_id", e."event_id", e."type", e."user_key", e."properties", e."context", e."groups", e."name", e."user_id", e."anonymous_id", e."session_id", e."page_path", e."page_title", e."page_url", e."page_referrer", e."ui_component_name", e."ui_component_path", e."ui_component_type", e."ui_action", e."ui_element", e."ui_element_text", e."ui_state_key", e."ui_state_before", e."ui_state_after", e."journey_id", e."step_id", e."step_name", e."api_method", e."api_route", e."error_type", e."error_message", e."error_stack", e."user_agent", e."utm_source", e."utm_medium", e."utm_campaign", e."api_status", e."api_duration_ms", e."duration_ms", e."original_timestamp", e."sent_at"
FROM events e
  WHERE e.project_id = $1::uuid
  AND (e.flags & 1) <> 1
  AND e."timestamp" >= $2::timestamptz
  AND e."timestamp" < $3::timestamptz
  AND e.type = $4::text
  AND e.name = $5::text
  AND e.user_key = $6::text
  AND (e."timestamp", e.sequence, e.event_id) < ($7::timestamptz, $8::bigint, $9::text)
ORDER BY e."timestamp" DESC, e.sequence DESC, e.event_id DESC LIMIT $10::bigint
-- $1 = "01890000-0000-7000-8000-000000000001"
-- $2 = "2024-03-30T00:00:00.000Z"
-- $3 = "2024-04-02T00:00:00.000Z"
-- $4 = "custom"
-- $5 = "buy"
-- $6 = "u:ann"
-- $7 = "1970-01-01T00:00:00.001Z"
-- $8 = 2
-- $9 = "id"
-- $10 = 11
