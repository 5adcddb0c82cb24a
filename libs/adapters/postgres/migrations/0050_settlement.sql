-- Settlement: how far each partition of the log is, who has to be looked at again later, and what was asked for out of turn.
-- Processors only: no role of the application reaches these tables. Times in milliseconds since 1970, as the processors count.
CREATE TABLE settlement_progress (
  log_partition integer PRIMARY KEY,
  -- Everything received before is settled; null = nothing yet.
  settled_through bigint,
  -- Events of this partition before this time are settled.
  settled_up_to bigint
) WITH (fillfactor = 50);
REVOKE ALL ON settlement_progress FROM PUBLIC, productgraph_app;
GRANT SELECT, INSERT, UPDATE ON settlement_progress TO productgraph_writer;

CREATE TABLE settlement_deferred (
  -- Runner time at which to look again.
  due_at bigint NOT NULL,
  from_time bigint NOT NULL,
  to_time bigint NOT NULL,
  log_partition integer NOT NULL,
  project_id uuid NOT NULL,
  user_key text COLLATE "C" NOT NULL,
  PRIMARY KEY (log_partition, project_id, user_key)
);
CREATE INDEX settlement_deferred_due ON settlement_deferred (log_partition, due_at);
CALL protect_tenant_table('settlement_deferred', '', 'SELECT, INSERT, UPDATE, DELETE');

CREATE TABLE settlement_requests (
  received_from bigint NOT NULL,
  received_to bigint NOT NULL,
  -- Raised when the same is asked for again.
  asked bigint NOT NULL DEFAULT 1,
  project_id uuid NOT NULL,
  PRIMARY KEY (project_id, received_from, received_to)
);
CALL protect_tenant_table('settlement_requests', '', 'SELECT, INSERT, UPDATE, DELETE');

-- Which partition has done which request, and how often it had been asked for then.
CREATE TABLE settlement_requests_done (
  received_from bigint NOT NULL,
  received_to bigint NOT NULL,
  asked bigint NOT NULL,
  log_partition integer NOT NULL,
  project_id uuid NOT NULL,
  PRIMARY KEY (project_id, received_from, received_to, log_partition)
);
CALL protect_tenant_table('settlement_requests_done', '', 'SELECT, INSERT, UPDATE, DELETE');
