-- Events: one row per stored event, in parts by month of `timestamp` (UTC). Columns are those of StoredEvent in snake case,
-- and the row's place in the log: topic, generation, partition, offset of its record, and which event of that record it is.
-- Same names as in PostgreSQL. Objects are JSON text, kept exactly.
--
-- Rows of one sorting key are copies of one event; the one that was received first stays (`version` falls with time).
-- Until parts are merged, copies are seen without FINAL.
CREATE TABLE IF NOT EXISTS events_local {{on cluster}} (
  timestamp DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  received_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  sequence Int64,
  log_offset Int64,
  log_index Int32,
  log_generation Int32,
  log_partition Int32,
  log_topic LowCardinality(String),
  flags Int16,
  lane Int16,
  org_id UUID,
  project_id UUID,
  event_id String CODEC(ZSTD(1)),
  type LowCardinality(String),
  user_key String CODEC(ZSTD(1)),
  properties String CODEC(ZSTD(1)),
  context String CODEC(ZSTD(1)),
  groups String CODEC(ZSTD(1)),
  name LowCardinality(Nullable(String)),
  user_id Nullable(String) CODEC(ZSTD(1)),
  anonymous_id Nullable(String) CODEC(ZSTD(1)),
  session_id Nullable(String) CODEC(ZSTD(1)),
  page_path Nullable(String) CODEC(ZSTD(1)),
  page_title Nullable(String) CODEC(ZSTD(1)),
  page_url Nullable(String) CODEC(ZSTD(1)),
  page_referrer Nullable(String) CODEC(ZSTD(1)),
  ui_component_name LowCardinality(Nullable(String)),
  ui_component_path LowCardinality(Nullable(String)),
  ui_component_type LowCardinality(Nullable(String)),
  ui_action LowCardinality(Nullable(String)),
  ui_element LowCardinality(Nullable(String)),
  ui_element_text Nullable(String) CODEC(ZSTD(1)),
  ui_state_key LowCardinality(Nullable(String)),
  ui_state_before Nullable(String) CODEC(ZSTD(1)),
  ui_state_after Nullable(String) CODEC(ZSTD(1)),
  journey_id LowCardinality(Nullable(String)),
  step_id LowCardinality(Nullable(String)),
  step_name LowCardinality(Nullable(String)),
  api_method LowCardinality(Nullable(String)),
  api_route Nullable(String) CODEC(ZSTD(1)),
  error_type LowCardinality(Nullable(String)),
  error_message Nullable(String) CODEC(ZSTD(1)),
  error_stack Nullable(String) CODEC(ZSTD(1)),
  user_agent LowCardinality(Nullable(String)),
  utm_source LowCardinality(Nullable(String)),
  utm_medium LowCardinality(Nullable(String)),
  utm_campaign LowCardinality(Nullable(String)),
  api_status Nullable(Int16),
  api_duration_ms Nullable(Float64),
  duration_ms Nullable(Float64),
  original_timestamp Nullable(DateTime64(3, 'UTC')),
  sent_at Nullable(DateTime64(3, 'UTC')),
  version UInt64 MATERIALIZED bitNot(toUInt64(toUnixTimestamp64Milli(received_at))),
  -- "Where is my event?"
  INDEX event_id_bloom event_id TYPE bloom_filter(0.01) GRANULARITY 1,
  -- What came in during an hour, and which rows of a range of the log are there.
  PROJECTION by_receipt (
    SELECT log_topic, log_generation, log_partition, received_at, log_offset, log_index, project_id, user_key, timestamp
    ORDER BY log_partition, received_at
  ),
  CONSTRAINT storable_time CHECK timestamp >= toDateTime64('2000-01-01 00:00:00', 3, 'UTC') AND timestamp < toDateTime64('2100-01-01 00:00:00', 3, 'UTC')
)
ENGINE = {{engine ReplacingMergeTree(version)}}
PARTITION BY toYYYYMM(timestamp)
PRIMARY KEY (project_id, user_key, timestamp)
ORDER BY (project_id, user_key, timestamp, sequence, event_id)
SETTINGS {{deduplication}}, fsync_after_insert = 1, fsync_part_directory = 1,
  deduplicate_merge_projection_mode = 'rebuild', lightweight_mutation_projection_mode = 'rebuild';

-- Takes rows as the table does, and keeps none: a block that the table refuses is halved into it until the bad rows are found.
CREATE TABLE IF NOT EXISTS events_probe {{on cluster}} AS events_local ENGINE = Null;

-- All shards. Reads only: without a sharding key it refuses inserts.
CREATE TABLE IF NOT EXISTS events {{on cluster}} AS events_local ENGINE = {{over events_local}};
