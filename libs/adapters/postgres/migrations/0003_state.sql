-- State of stateful processors in Starter (StateStore): one namespace per group and partition, and who runs the product.

CREATE TABLE state_partitions (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  group_name text NOT NULL,
  topic text NOT NULL,
  generation integer NOT NULL,
  partition integer NOT NULL,
  -- Raised by every save; the object of compare-and-set.
  revision bigint NOT NULL,
  next bigint NOT NULL,
  window_start bigint,
  time bigint NOT NULL,
  UNIQUE (group_name, topic, generation, partition)
) WITH (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

-- Keys are bytes, since a key may hold any character, U+0000 included.
CREATE TABLE state_values (
  partition_id integer NOT NULL REFERENCES state_partitions,
  key bytea NOT NULL,
  value text NOT NULL,
  due bigint,
  PRIMARY KEY (partition_id, key)
-- The same few thousand rows over and over: vacuum by a small share of them, and leave room on pages.
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 5000);
CREATE INDEX state_values_due ON state_values (partition_id, due) WHERE due IS NOT NULL;

-- One save: everything or nothing, in one round trip. Null when `expected` is not the current revision.
CREATE FUNCTION state_save(
  of_group text, of_topic text, of_generation integer, of_partition integer,
  expected bigint, new_next bigint, new_window bigint, new_time bigint,
  keys bytea[], new_values text[], dues bigint[], deletes bytea[]
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  target integer;
BEGIN
  IF expected = 0 THEN
    INSERT INTO state_partitions (group_name, topic, generation, partition, revision, next, window_start, time)
    VALUES (of_group, of_topic, of_generation, of_partition, 1, new_next, new_window, new_time)
    ON CONFLICT DO NOTHING RETURNING id INTO target;
  ELSE
    UPDATE state_partitions
    SET revision = expected + 1, next = new_next, window_start = new_window, time = new_time
    WHERE group_name = of_group AND topic = of_topic AND generation = of_generation AND partition = of_partition
      AND revision = expected
    RETURNING id INTO target;
  END IF;
  IF target IS NULL THEN
    RETURN NULL;
  END IF;
  IF cardinality(deletes) > 0 THEN
    DELETE FROM state_values WHERE partition_id = target AND key = ANY (deletes);
  END IF;
  IF cardinality(keys) > 0 THEN
    INSERT INTO state_values (partition_id, key, value, due)
    SELECT target, * FROM unnest(keys, new_values, dues)
    ON CONFLICT (partition_id, key) DO UPDATE SET value = excluded.value, due = excluded.due;
  END IF;
  RETURN expected + 1;
END
$$;

GRANT SELECT, INSERT, UPDATE ON state_partitions TO productgraph_writer;
GRANT SELECT, INSERT, UPDATE, DELETE ON state_values TO productgraph_writer;
REVOKE ALL ON FUNCTION state_save FROM PUBLIC;
GRANT EXECUTE ON FUNCTION state_save TO productgraph_writer;

-- Who holds what only one process may do at a time. A row with a heartbeat, and not an advisory lock of a session, because
-- behind PgBouncer a session is not ours to keep.
CREATE TABLE leases (
  name text PRIMARY KEY,
  holder text NOT NULL,
  -- Machine and process, to tell a dead holder at once when it was on this machine.
  place text NOT NULL,
  expires_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON leases TO productgraph_writer;
