-- Over how many shards the rows of this database are spread, written by the first store that opens it. Kept on the first shard.
CREATE TABLE IF NOT EXISTS routing {{on cluster}} (
  shards UInt16,
  since DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = {{engine ReplacingMergeTree}}
ORDER BY shards;
