-- The ledger: what became of every accepted event, per project and minute of receipt; after 7 days summed into days (UTC).
-- Rows without a known tenant have the nil UUID as organisation. Counters are updated in place: room is left in each page for that.
CREATE TABLE ledger_minutes (
  -- Unix minutes.
  minute integer NOT NULL,
  org_id uuid NOT NULL,
  project_id uuid NOT NULL,
  accepted bigint NOT NULL DEFAULT 0,
  stored bigint NOT NULL DEFAULT 0,
  duplicate bigint NOT NULL DEFAULT 0,
  rejected bigint NOT NULL DEFAULT 0,
  quarantined_later bigint NOT NULL DEFAULT 0,
  erased bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (org_id, project_id, minute)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);
CALL protect_tenant_table('ledger_minutes', 'SELECT', 'SELECT, INSERT, UPDATE');

CREATE TABLE ledger_days (
  -- Unix days.
  day integer NOT NULL,
  org_id uuid NOT NULL,
  project_id uuid NOT NULL,
  accepted bigint NOT NULL DEFAULT 0,
  stored bigint NOT NULL DEFAULT 0,
  duplicate bigint NOT NULL DEFAULT 0,
  rejected bigint NOT NULL DEFAULT 0,
  quarantined_later bigint NOT NULL DEFAULT 0,
  erased bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (org_id, project_id, day)
);
CALL protect_tenant_table('ledger_days', 'SELECT', '');

-- How far the event-writer is: one row per group, topic, generation and partition. A block is written if and only if its first
-- offset is `next`, in the transaction that moves it. No tenant's data.
CREATE TABLE writer_heads (
  log_group text COLLATE "C" NOT NULL,
  topic text COLLATE "C" NOT NULL,
  generation integer NOT NULL,
  log_partition integer NOT NULL,
  next bigint NOT NULL,
  window_start bigint,
  -- Runner time, Unix milliseconds.
  runner_time bigint NOT NULL,
  PRIMARY KEY (log_group, topic, generation, log_partition)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
REVOKE ALL ON writer_heads FROM PUBLIC, productgraph_app;
GRANT SELECT, INSERT, UPDATE ON writer_heads TO productgraph_writer;
