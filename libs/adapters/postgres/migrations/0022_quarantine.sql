-- Refused events, kept with their reason until replayed or expired. Ids are UUIDv7 text: descending id = newest first.
-- Entries whose project is unknown have the nil UUID as organisation (and as project when it is not even a UUID): no tenant sees them.
CREATE TABLE quarantine (
  received_at timestamptz NOT NULL,
  -- What the entry takes, in bytes of its texts: each project has a bound.
  bytes integer NOT NULL,
  org_id uuid NOT NULL,
  project_id uuid NOT NULL,
  id text COLLATE "C" NOT NULL,
  stage text COLLATE "C" NOT NULL,
  code text COLLATE "C" NOT NULL,
  message text COLLATE "C" NOT NULL,
  payload text COLLATE "C" NOT NULL,
  event_id text COLLATE "C",
  -- Index in the request, line number, or log offset.
  position bigint,
  source text COLLATE "C",
  trace_id text COLLATE "C",
  replayed_at timestamptz,
  PRIMARY KEY (org_id, project_id, id)
);
-- "Where is my event?"
CREATE INDEX quarantine_event ON quarantine (project_id, event_id) WHERE event_id IS NOT NULL;
-- What has expired.
CREATE INDEX quarantine_received ON quarantine USING brin (received_at) WITH (pages_per_range = 32, autosummarize = on);
CALL protect_tenant_table('quarantine', 'SELECT, UPDATE (replayed_at)', 'SELECT, INSERT');
CALL compress_fast('quarantine');
