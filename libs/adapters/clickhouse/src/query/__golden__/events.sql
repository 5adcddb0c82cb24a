SELECT toUnixTimestamp64Milli(e.timestamp) AS timestamp, toUnixTimestamp64Milli(e.received_at) AS receivedAt, e.sequence AS sequence, e.flags AS flags, e.lane AS lane, e.project_id AS projectId, e.event_id AS eventId, e.type AS type, e.user_key AS userKey, e.properties AS properties, e.context AS context, e.groups AS groups, e.name AS name, e.user_id AS userId, e.anonymous_id AS anonymousId, e.session_id AS sessionId, e.page_path AS pagePath, e.page_title AS pageTitle, e.page_url AS pageUrl, e.page_referrer AS pageReferrer, e.ui_component_name AS uiComponentName, e.ui_component_path AS uiComponentPath, e.ui_component_type AS uiComponentType, e.ui_action AS uiAction, e.ui_element AS uiElement, e.ui_element_text AS uiElementText, e.ui_state_key AS uiStateKey, e.ui_state_before AS uiStateBefore, e.ui_state_after AS uiStateAfter, e.journey_id AS journeyId, e.step_id AS stepId, e.step_name AS stepName, e.api_method AS apiMethod, e.api_route AS apiRoute, e.error_type AS errorType, e.error_message AS errorMessage, e.error_stack AS errorStack, e.user_agent AS userAgent, e.utm_source AS utmSource, e.utm_medium AS utmMedium, e.utm_campaign AS utmCampaign, e.api_status AS apiStatus, e.api_duration_ms AS apiDurationMs, e.duration_ms AS durationMs, toUnixTimestamp64Milli(e.original_timestamp) AS originalTimestamp, toUnixTimestamp64Milli(e.sent_at) AS sentAt
FROM events AS e FINAL
WHERE e.org_id = {p3:UUID} AND e.project_id = {p4:UUID}
  AND (e.user_key, e.timestamp, e.sequence, e.event_id) GLOBAL IN (SELECT e.user_key AS user_key, e.timestamp AS timestamp, e.sequence AS sequence, e.event_id AS event_id
  FROM events AS e FINAL
  WHERE e.org_id = {p3:UUID} AND e.project_id = {p4:UUID}
  AND bitAnd(e.flags, 1) = 0
  AND e.timestamp >= fromUnixTimestamp64Milli({p1:Int64}, 'UTC')
  AND e.timestamp < fromUnixTimestamp64Milli({p2:Int64}, 'UTC')
  AND e.type = {p5:String}
  AND e.name = {p6:String}
  AND e.user_key = {p7:String}
  AND (e.timestamp, e.sequence, e.event_id) < (fromUnixTimestamp64Milli({p8:Int64}, 'UTC'), {p9:Int64}, {p10:String})
ORDER BY e.timestamp DESC, e.sequence DESC, e.event_id DESC LIMIT {p11:UInt64})
ORDER BY e.timestamp DESC, e.sequence DESC, e.event_id DESC LIMIT {p11:UInt64}
-- p1 = 1711756800000
-- p2 = 1712016000000
-- p3 = "01890000-0000-7000-8000-0000000000ff"
-- p4 = "01890000-0000-7000-8000-000000000001"
-- p5 = "custom"
-- p6 = "buy"
-- p7 = "u:ann"
-- p8 = 1
-- p9 = 2
-- p10 = "id"
-- p11 = 11
