-- The event log of Starter: packed records, partitioned topics, gapless offsets (decisions.md 21, 22).

CREATE TABLE log_topics (
  topic text NOT NULL,
  generation integer NOT NULL,
  partitions integer NOT NULL CHECK (partitions > 0),
  -- Events per partition; fixed for the generation, so that every processor reaches the same verdict for ever.
  dedupe_window integer NOT NULL CHECK (dedupe_window >= 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (topic, generation)
);

-- One row per (topic, generation, partition). An append locks its heads in ascending order of `stream` until it commits,
-- so offsets have no gaps, become visible in order, and two appending processes cannot deadlock.
CREATE TABLE log_head (
  stream integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  topic text NOT NULL,
  generation integer NOT NULL,
  partition integer NOT NULL,
  next bigint NOT NULL DEFAULT 0,
  low bigint NOT NULL DEFAULT 0,
  UNIQUE (topic, generation, partition),
  FOREIGN KEY (topic, generation) REFERENCES log_topics
-- Updated by every append: room for new row versions on the same page, and vacuum soon.
) WITH (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

-- Partitions are ranges of offsets of one stream ("segments"), made ahead by the owner role and dropped whole.
CREATE TABLE log (
  stream integer NOT NULL,
  "offset" bigint NOT NULL,
  received_at bigint NOT NULL,
  schema text NOT NULL,
  count integer NOT NULL,
  ids bytea NOT NULL,
  counts text NOT NULL,
  traceparent text,
  producer text NOT NULL,
  payload bytea NOT NULL,
  PRIMARY KEY (stream, "offset")
) PARTITION BY RANGE (stream, "offset");
-- Compressed already (zstd).
ALTER TABLE log ALTER COLUMN payload SET STORAGE EXTERNAL, ALTER COLUMN ids SET STORAGE EXTERNAL;

CREATE TABLE log_segments (
  stream integer NOT NULL REFERENCES log_head,
  from_offset bigint NOT NULL,
  to_offset bigint NOT NULL,
  PRIMARY KEY (stream, from_offset),
  CHECK (to_offset > from_offset)
);

-- What consumer groups have said they no longer need.
CREATE TABLE group_offsets (
  group_name text NOT NULL,
  stream integer NOT NULL REFERENCES log_head,
  position bigint NOT NULL,
  keep_from bigint NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (group_name, stream)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

-- One append: every record of every partition or nothing. `streams` ascending with `sizes` records each; the records'
-- columns in that same order. Answers the first offset per stream. A function, because its statements keep their plans
-- (named statements are not to be had behind PgBouncer) and an append is one round trip.
CREATE FUNCTION log_append(
  streams integer[], sizes integer[],
  received_ats bigint[], schemas text[], counts_of integer[], ids_of bytea[],
  counts_texts text[], traceparents text[], producers text[], payloads bytea[]
) RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
  first bigint;
  firsts bigint[] := '{}';
  record_streams integer[] := '{}';
  offsets bigint[] := '{}';
BEGIN
  FOR i IN 1..cardinality(streams) LOOP
    UPDATE log_head SET next = next + sizes[i] WHERE stream = streams[i] RETURNING next - sizes[i] INTO first;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'log stream % does not exist', streams[i] USING ERRCODE = 'undefined_object';
    END IF;
    firsts := firsts || first;
    record_streams := record_streams || array_fill(streams[i], ARRAY[sizes[i]]);
    FOR j IN 0..sizes[i] - 1 LOOP
      offsets := offsets || (first + j);
    END LOOP;
  END LOOP;
  INSERT INTO log (stream, "offset", received_at, schema, count, ids, counts, traceparent, producer, payload)
  SELECT * FROM unnest(record_streams, offsets, received_ats, schemas, counts_of, ids_of, counts_texts, traceparents, producers, payloads);
  RETURN firsts;
END
$$;

GRANT SELECT ON log_topics, log_segments TO productgraph_app, productgraph_writer;
GRANT SELECT, UPDATE ON log_head TO productgraph_writer;
GRANT SELECT ON log_head TO productgraph_app;
GRANT SELECT, INSERT ON log TO productgraph_writer;
GRANT SELECT, INSERT, UPDATE ON group_offsets TO productgraph_writer;
REVOKE ALL ON FUNCTION log_append FROM PUBLIC;
GRANT EXECUTE ON FUNCTION log_append TO productgraph_writer;
