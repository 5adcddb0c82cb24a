import { type Hash64, PrefixHasher } from './murmur3.ts';

/** Identity parts of an event; placeholders are already `null` here. */
export interface Identity {
  readonly userId: string | null;
  readonly anonymousId: string | null;
  readonly sessionId: string | null;
}

/**
 * The key whose events stay in order: `u:` + user id, else `a:` + anonymous id, else `s:` + session id.
 * The prefix keeps user 42 and anonymous 42 apart. `null` when the event has no identity at all.
 */
export function userKeyOf(identity: Identity): string | null {
  if (identity.userId !== null) return `u:${identity.userId}`;
  if (identity.anonymousId !== null) return `a:${identity.anonymousId}`;
  return identity.sessionId === null ? null : `s:${identity.sessionId}`;
}

/** Hashers of one project: the project's part of the text is hashed once, not per event. */
export interface ProjectHashers {
  /** Of event ids, see {@link eventIdHash}; and of whole user keys. */
  readonly text: PrefixHasher;
  /** Of user keys by kind, given the id without the key's prefix. */
  readonly user: PrefixHasher;
  readonly anonymous: PrefixHasher;
  readonly session: PrefixHasher;
}

/** 4 KB a project: bounds the cache to 1 MB. */
const CACHED_PROJECTS = 256;
const hashers = new Map<string, ProjectHashers>();

/** For those who hash many ids of one project by their bytes (ingestion); all others use the functions below. */
export function hashersOf(projectId: string): ProjectHashers {
  let found = hashers.get(projectId);
  if (found === undefined) {
    const prefix = `${projectId}\0`;
    found = {
      text: new PrefixHasher(prefix),
      user: new PrefixHasher(`${prefix}u:`),
      anonymous: new PrefixHasher(`${prefix}a:`),
      session: new PrefixHasher(`${prefix}s:`),
    };
    if (hashers.size >= CACHED_PROJECTS) hashers.clear();
    hashers.set(projectId, found);
  }
  return found;
}

/** Partition of a user key with that hash. */
export function partitionOfHash({ hi, lo }: Hash64, partitions: number): number {
  // (hi * 2^32 + lo) mod partitions without leaving exact integers: hi % p < 2^20, times (2^32 % p) < 2^20.
  return ((hi % partitions) * (0x100000000 % partitions) + lo) % partitions;
}

/**
 * Partition of a user's events: the low 64 bits of murmur3 x64-128 over `project_id`, a zero byte, `user_key`, modulo `partitions`.
 * Test vectors in `partition.spec.ts` fix it for every producer.
 * @param partitions 1 to 2^20
 */
export function partitionOf(projectId: string, userKey: string, partitions: number): number {
  return partitionOfHash(hashersOf(projectId).text.hash(userKey), partitions);
}

/** The 8-byte hash that stands for (project, event id) in a record's `ids` header and in dedupe windows. */
export function eventIdHash(projectId: string, eventId: string): Hash64 {
  return hashersOf(projectId).text.hash(eventId);
}
