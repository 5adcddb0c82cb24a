-- Sessions: versions of each part (session, user key, lane), in parts by the month in which the opening event was received:
-- that never changes during a row's life, so versions replace each other. FINAL shows the highest version of each.
CREATE TABLE IF NOT EXISTS sessions_local {{on cluster}} (
  opened_received_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  started_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  ended_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  log_offset Int64,
  -- 0 = made by a record; by a timer: when it was due, Unix milliseconds.
  rank Int64,
  revision Int32,
  generation Int32,
  events Int32,
  page_views Int32,
  errors Int32,
  late_events Int32,
  lane Int16,
  is_bot Bool,
  org_id UUID,
  project_id UUID,
  session_id String CODEC(ZSTD(1)),
  user_key String CODEC(ZSTD(1)),
  state LowCardinality(String),
  merged_into Nullable(String) CODEC(ZSTD(1)),
  user_id Nullable(String) CODEC(ZSTD(1)),
  anonymous_id Nullable(String) CODEC(ZSTD(1)),
  entry_path Nullable(String) CODEC(ZSTD(1)),
  exit_path Nullable(String) CODEC(ZSTD(1)),
  referrer Nullable(String) CODEC(ZSTD(1)),
  utm_source LowCardinality(Nullable(String)),
  utm_medium LowCardinality(Nullable(String)),
  utm_campaign LowCardinality(Nullable(String)),
  user_agent LowCardinality(Nullable(String)),
  -- Order of versions: revision, generation, offset, rank.
  version UInt256 MATERIALIZED bitShiftLeft(toUInt256(revision), 192) + bitShiftLeft(toUInt256(generation), 160)
    + bitShiftLeft(toUInt256(log_offset), 64) + toUInt256(rank),
  INDEX started_minmax started_at TYPE minmax GRANULARITY 1,
  INDEX ended_minmax ended_at TYPE minmax GRANULARITY 1,
  CONSTRAINT storable_time CHECK opened_received_at >= toDateTime64('2000-01-01 00:00:00', 3, 'UTC') AND opened_received_at < toDateTime64('2100-01-01 00:00:00', 3, 'UTC')
)
ENGINE = {{engine ReplacingMergeTree(version)}}
PARTITION BY toYYYYMM(opened_received_at)
ORDER BY (project_id, user_key, session_id, lane, opened_received_at)
SETTINGS {{deduplication}}, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS sessions_probe {{on cluster}} AS sessions_local ENGINE = Null;

CREATE TABLE IF NOT EXISTS sessions {{on cluster}} AS sessions_local ENGINE = {{over sessions_local}};
