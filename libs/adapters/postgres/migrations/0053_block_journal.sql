-- The range that is being stored where events are kept by another store (ClickHouse): recorded before its rows are inserted, cleared in
-- the transaction that moves the head. It is open if its first offset is `next`.
ALTER TABLE writer_heads ADD COLUMN open_range jsonb, ADD COLUMN begun_at timestamptz;

-- What was stored, range by range; kept for 7 days. No tenant's data.
CREATE TABLE writer_blocks (
  begun_at timestamptz NOT NULL,
  finished_at timestamptz NOT NULL DEFAULT now(),
  first bigint NOT NULL,
  last bigint NOT NULL,
  stored bigint NOT NULL,
  duplicate bigint NOT NULL,
  refused integer NOT NULL,
  generation integer NOT NULL,
  log_partition integer NOT NULL,
  log_group text COLLATE "C" NOT NULL,
  topic text COLLATE "C" NOT NULL,
  routing text COLLATE "C" NOT NULL
);
CREATE INDEX writer_blocks_finished ON writer_blocks USING brin (finished_at) WITH (pages_per_range = 32, autosummarize = on);
REVOKE ALL ON writer_blocks FROM PUBLIC, productgraph_app;
GRANT SELECT, INSERT ON writer_blocks TO productgraph_writer;
