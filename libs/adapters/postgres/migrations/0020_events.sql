-- Events: one row per stored event, partitioned by month of `timestamp`. Columns are those of StoredEvent in snake case.
-- Order of columns: fixed width and always present first, so that reading them needs no look at the null bitmap.
-- `properties`, `context`, `groups` and the two states are `json`: the client's text is kept exactly (numbers above 2^53, duplicate keys).
-- Text has collation "C": the total order is byte order on every server, and grouping is fast.
CREATE TABLE events (
  "timestamp" timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  sequence bigint NOT NULL,
  log_offset bigint NOT NULL,
  log_partition integer NOT NULL,
  flags smallint NOT NULL,
  lane smallint NOT NULL,
  org_id uuid NOT NULL,
  project_id uuid NOT NULL,
  event_id text COLLATE "C" NOT NULL,
  type text COLLATE "C" NOT NULL,
  user_key text COLLATE "C" NOT NULL,
  properties json NOT NULL,
  context json NOT NULL,
  groups json NOT NULL,
  name text COLLATE "C",
  user_id text COLLATE "C",
  anonymous_id text COLLATE "C",
  session_id text COLLATE "C",
  page_path text COLLATE "C",
  page_title text COLLATE "C",
  page_url text COLLATE "C",
  page_referrer text COLLATE "C",
  ui_component_name text COLLATE "C",
  ui_component_path text COLLATE "C",
  ui_component_type text COLLATE "C",
  ui_action text COLLATE "C",
  ui_element text COLLATE "C",
  ui_element_text text COLLATE "C",
  ui_state_key text COLLATE "C",
  ui_state_before json,
  ui_state_after json,
  journey_id text COLLATE "C",
  step_id text COLLATE "C",
  step_name text COLLATE "C",
  api_method text COLLATE "C",
  api_route text COLLATE "C",
  error_type text COLLATE "C",
  error_message text COLLATE "C",
  error_stack text COLLATE "C",
  user_agent text COLLATE "C",
  utm_source text COLLATE "C",
  utm_medium text COLLATE "C",
  utm_campaign text COLLATE "C",
  api_status smallint,
  api_duration_ms double precision,
  duration_ms double precision,
  original_timestamp timestamptz,
  sent_at timestamptz
) PARTITION BY RANGE ("timestamp");

-- "Stored once", and "where is my event?" by its prefix.
CREATE UNIQUE INDEX events_once ON events (project_id, event_id, "timestamp");
-- A user's timeline in total order.
CREATE INDEX events_of_user ON events (project_id, user_key, "timestamp", sequence, event_id);
-- Ranges of time of one tenant, and (last column) what came in during an hour: rows lie in order of receipt.
CREATE INDEX events_brin ON events USING brin (org_id, project_id, "timestamp", received_at)
  WITH (pages_per_range = 32, autosummarize = on);
CALL protect_tenant_table('events', 'SELECT', 'SELECT, INSERT');

-- Long texts are compressed by lz4 where the server was built with it (nearly all are); partitions take it over.
CREATE PROCEDURE compress_fast(wide_table regclass) LANGUAGE plpgsql AS $$
DECLARE
  target text;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_settings WHERE pg_settings.name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)) THEN
    RETURN;
  END IF;
  FOR target IN
    SELECT attname FROM pg_attribute WHERE attrelid = wide_table AND attnum > 0 AND NOT attisdropped AND attstorage = 'x'
  LOOP
    EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET COMPRESSION lz4', wide_table, target);
  END LOOP;
END $$;
REVOKE ALL ON PROCEDURE compress_fast(regclass) FROM PUBLIC;
CALL compress_fast('events');
