import type { Topic } from '@productgraph/contracts';
import type { PartitionRef, TopicInfo } from '@productgraph/kernel';
import { withTransaction, type Pools } from '../pool.ts';
import { runStatement } from '../statement.ts';
import { createSegment } from './segments.ts';

/** What a topic gets when it is made; a topic that exists keeps its own. */
export interface TopicSettings {
  readonly partitions: number;
  /** Events per partition. */
  readonly dedupeWindow: number;
  readonly segmentRecords: number;
}

/** A topic with the ids of its partitions in the tables, by partition number. */
export interface TopicStreams extends TopicInfo {
  readonly streams: readonly number[];
}

/** Looks topics up, makes them on first use, and remembers them: what it answers never changes within a generation. */
export interface TopicDirectory {
  find(topic: Topic): Promise<TopicStreams>;
  /** @throws RangeError when the partition is not one of the topic's current generation */
  streamOf(partition: PartitionRef): Promise<number>;
}

export function createTopicDirectory(pools: Pools, settingsOf: (topic: Topic) => TopicSettings): TopicDirectory {
  const known = new Map<Topic, Promise<TopicStreams>>();

  function find(topic: Topic): Promise<TopicStreams> {
    const found = known.get(topic);
    if (found !== undefined) return found;
    const loading = loadOrMake(pools, topic, settingsOf(topic));
    known.set(topic, loading);
    // A failed look-up must not be remembered.
    loading.catch(() => known.delete(topic));
    return loading;
  }

  return {
    find,
    streamOf: async ({ topic, generation, partition }) => {
      const current = await find(topic);
      const stream = current.generation === generation ? current.streams[partition] : undefined;
      if (stream === undefined) throw new RangeError(`There is no partition ${topic}.${generation}[${partition}]`);
      return stream;
    },
  };
}

async function loadOrMake(pools: Pools, topic: Topic, settings: TopicSettings): Promise<TopicStreams> {
  const found = await load(pools, topic);
  if (found !== null) return found;
  await make(pools, topic, settings);
  const made = await load(pools, topic);
  if (made === null) throw new Error(`Topic ${topic} was made and is not there`);
  return made;
}

interface TopicRow {
  readonly generation: number;
  readonly partitions: number;
  readonly dedupe_window: number;
  readonly streams: number[];
}

async function load(pools: Pools, topic: Topic): Promise<TopicStreams | null> {
  const { rows } = await runStatement<TopicRow>(pools.statements, 'writer', {
    text: `SELECT t.generation, t.partitions, t.dedupe_window,
             (SELECT array_agg(h.stream ORDER BY h.partition) FROM log_head h
              WHERE h.topic = t.topic AND h.generation = t.generation) AS streams
           FROM log_topics t WHERE t.topic = $1 ORDER BY t.generation DESC LIMIT 1`,
    values: [topic],
  });
  const row = rows[0];
  if (row === undefined) return null;
  const { generation, partitions, dedupe_window: dedupeWindow, streams } = row;
  return { topic, generation, partitions, dedupeWindow, streams };
}

/** Two processes may do so at once: the second waits for the first one's row and then finds everything made. */
async function make(pools: Pools, topic: Topic, settings: TopicSettings): Promise<void> {
  await withTransaction(pools.writer, { role: 'owner' }, async (client) => {
    const { rowCount } = await client.query(
      'INSERT INTO log_topics (topic, generation, partitions, dedupe_window) VALUES ($1, 1, $2, $3) ON CONFLICT DO NOTHING',
      [topic, settings.partitions, settings.dedupeWindow],
    );
    if (rowCount === 0) return;
    const { rows } = await client.query<{ stream: number }>(
      `INSERT INTO log_head (topic, generation, partition)
       SELECT $1, 1, n FROM generate_series(0, $2::int - 1) n ORDER BY n RETURNING stream`,
      [topic, settings.partitions],
    );
    for (const { stream } of rows) await createSegment(client, { stream, from: 0, to: settings.segmentRecords });
  });
}
