import { type Hash64, murmur3 } from './murmur3.ts';

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

const scratch = Buffer.allocUnsafe(8192);

function hashText(text: string): Hash64 {
  // A character takes at most 3 bytes in UTF-8.
  if (text.length * 3 > scratch.length) return murmur3(Buffer.from(text, 'utf8'));
  return murmur3(scratch.subarray(0, scratch.write(text, 0, 'utf8')));
}

/**
 * Partition of a user's events: the low 64 bits of murmur3 x64-128 over `project_id`, a zero byte, `user_key`, modulo `partitions`.
 * Test vectors in `partition.spec.ts` fix it for every producer.
 * @param partitions 1 to 2^20
 */
export function partitionOf(projectId: string, userKey: string, partitions: number): number {
  const { hi, lo } = hashText(`${projectId}\0${userKey}`);
  // (hi * 2^32 + lo) mod partitions without leaving exact integers: hi % p < 2^20, times (2^32 % p) < 2^20.
  return ((hi % partitions) * (0x100000000 % partitions) + lo) % partitions;
}

/** The 8-byte hash that stands for (project, event id) in a record's `ids` header and in dedupe windows. */
export function eventIdHash(projectId: string, eventId: string): Hash64 {
  return hashText(`${projectId}\0${eventId}`);
}
