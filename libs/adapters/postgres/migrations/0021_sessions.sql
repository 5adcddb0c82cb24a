-- Sessions: the highest version of each part (session, user key, lane), partitioned by the month in which the opening event
-- was received: that never changes during a row's life, so versions replace each other.
CREATE TABLE sessions (
  opened_received_at timestamptz NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at timestamptz NOT NULL,
  log_offset bigint NOT NULL,
  -- 0 = made by a record; by a timer: when it was due, Unix milliseconds.
  rank bigint NOT NULL,
  revision integer NOT NULL,
  generation integer NOT NULL,
  events integer NOT NULL,
  page_views integer NOT NULL,
  errors integer NOT NULL,
  late_events integer NOT NULL,
  lane smallint NOT NULL,
  is_bot boolean NOT NULL,
  org_id uuid NOT NULL,
  project_id uuid NOT NULL,
  session_id text COLLATE "C" NOT NULL,
  user_key text COLLATE "C" NOT NULL,
  state text COLLATE "C" NOT NULL CHECK (state IN ('open', 'closed', 'settled', 'merged')),
  merged_into text COLLATE "C",
  user_id text COLLATE "C",
  anonymous_id text COLLATE "C",
  entry_path text COLLATE "C",
  exit_path text COLLATE "C",
  referrer text COLLATE "C",
  utm_source text COLLATE "C",
  utm_medium text COLLATE "C",
  utm_campaign text COLLATE "C",
  user_agent text COLLATE "C"
) PARTITION BY RANGE (opened_received_at);

CREATE UNIQUE INDEX sessions_part ON sessions (project_id, session_id, user_key, lane, opened_received_at);
-- A user's sessions around a time: joined by questions on (project, user key, start ≤ timestamp ≤ end).
CREATE INDEX sessions_of_user ON sessions (project_id, user_key, started_at);
CREATE INDEX sessions_brin ON sessions USING brin (org_id, project_id, started_at) WITH (pages_per_range = 32, autosummarize = on);
CALL protect_tenant_table('sessions', 'SELECT', 'SELECT, INSERT, UPDATE');
CALL compress_fast('sessions');
