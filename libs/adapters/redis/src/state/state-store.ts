import { randomBytes } from 'node:crypto';
import type { DueTimer, GroupPartition, StatePosition, StateStore } from '@productgraph/kernel';
import type { RedisClient } from '../client.ts';
import type { RedisConnection } from '../connection.ts';
import { partitionKeys } from './keys.ts';
import { SAVE, saveArguments } from './save-script.ts';
import { fromBytes, toKeyBytes } from './text.ts';

/** Keys per HMGET: about 600 KB of session states, 0.5 ms of the server. */
const LOAD_CHUNK = 1_000;
const DUE_CHUNK = 5_000;

const EMPTY: StatePosition = { revision: 0, next: null, windowStart: null, time: 0 };

/** Which save a known revision is of. */
interface Known {
  readonly revision: number;
  readonly save: string;
}

/** Between two calls the state was lost, or another owner has saved: to be opened again. */
export class StateReplaced extends Error {
  override readonly name = 'StateReplaced';
}

/**
 * Processor state in Redis, of one node or a cluster. A save is one script; what a failover or flush loses shows as an older
 * position or none, and the runner goes on from there.
 *
 * A revision can come twice: the saves after a failover count on from the replica's older one. So each save has an id besides,
 * and one that builds on revision 10 of a lost history is refused by the revision 10 that replaced it.
 */
export function createRedisStateStore(redis: RedisConnection): StateStore {
  const known = new Map<string, Known>();
  const nextId = saveIds();
  /** Asked after a read: the state that was read is the one whose position this process has read or saved. */
  async function requireKnown(what: string, partition: GroupPartition): Promise<void> {
    const { position } = partitionKeys(redis.prefix, partition);
    const name = nameOf(what, partition);
    const save = await redis.call(name, (client) => client.hget(position, 'save'));
    const base = known.get(position)?.save;
    if (base === undefined || base === (save ?? '')) return;
    throw new StateReplaced(`${name}: the state is not the one whose position was read.`);
  }
  return {
    async position(partition) {
      const { position: key } = partitionKeys(redis.prefix, partition);
      const fields = await redis.call(nameOf('position', partition), (client) =>
        client.hmget(key, 'revision', 'next', 'windowStart', 'time', 'save'),
      );
      const revision = Number(fields[0] ?? 0);
      known.set(key, { revision, save: fields[4] ?? '' });
      return positionOf(revision, fields);
    },
    async load(partition, keys) {
      const { values } = partitionKeys(redis.prefix, partition);
      const found = await redis.call(nameOf('load', partition), (client) => load(client, values, keys));
      // What is folded on lost state is emitted before its save is refused, under versions that nothing may outrank later.
      await requireKnown('load', partition);
      return found;
    },
    async save(partition, save) {
      const keys = partitionKeys(redis.prefix, partition);
      const base = known.get(keys.position);
      const ids = { base: base?.revision === save.expectedRevision ? base.save : '', own: nextId() };
      const answer = await redis.run(nameOf('save', partition), {
        script: SAVE,
        keys: [keys.position, keys.values, keys.due],
        args: saveArguments(save, ids),
      });
      if (answer !== 1) return null;
      const revision = save.expectedRevision + 1;
      known.set(keys.position, { revision, save: ids.own });
      return revision;
    },
    async due(partition, until) {
      const { due } = partitionKeys(redis.prefix, partition);
      const timers = await redis.call(nameOf('timers', partition), (client) => dueTimers(client, due, until));
      // With its timers lost a quiet partition would save no more, and nobody would notice what else was lost.
      await requireKnown('timers', partition);
      return timers;
    },
  };
}

function positionOf(revision: number, fields: readonly (string | null)[]): StatePosition {
  const [, next = null, windowStart = null, time = null] = fields;
  if (revision === 0) return EMPTY;
  return { revision, next: numberOf(next), windowStart: numberOf(windowStart), time: numberOf(time) ?? 0 };
}

const numberOf = (text: string | null): number | null => (text === null || text === '' ? null : Number(text));

/** Chunk after chunk: a change between two of them is noticed after the last one. */
async function load(client: RedisClient, hash: string, keys: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (let from = 0; from < keys.length; from += LOAD_CHUNK) {
    const chunk = keys.slice(from, from + LOAD_CHUNK);
    const values = await client.hmgetBuffer(hash, ...chunk.map(toKeyBytes));
    for (const [at, key] of chunk.entries()) {
      const bytes = values[at];
      if (bytes) found.set(key, fromBytes(bytes));
    }
  }
  return found;
}

/** Read by rank, so that a chunk costs the same wherever it lies. */
async function dueTimers(client: RedisClient, set: string, until: number): Promise<DueTimer[]> {
  const count = await client.zcount(set, '-inf', until);
  const timers: DueTimer[] = [];
  for (let from = 0; from < count; from += DUE_CHUNK) {
    const last = Math.min(from + DUE_CHUNK, count) - 1;
    const pairs = await client.zrangeBuffer(set, String(from), String(last), 'WITHSCORES');
    for (let at = 0; at + 1 < pairs.length; at += 2) {
      const [member, score] = pairs.slice(at, at + 2) as [Buffer, Buffer];
      timers.push({ key: fromBytes(member), at: Number(score.toString('latin1')) });
    }
  }
  return timers;
}

function nameOf(what: string, { group, topic, generation, partition }: GroupPartition): string {
  return `${what} of ${group} on ${topic}.${generation}[${partition}]`;
}

/** Different for each save of every process. */
function saveIds(): () => string {
  const process = randomBytes(9).toString('base64url');
  let count = 0;
  return () => `${process}.${(count++).toString(36)}`;
}
