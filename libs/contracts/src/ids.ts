import { randomFillSync } from 'node:crypto';

const RANDOM_BYTES = 10;
/** One system call serves 400 ids; a single id would otherwise pay 1 µs for it. */
const pool = Buffer.alloc(RANDOM_BYTES * 400);
let poolAt = pool.length;

function nextRandom(): Uint8Array {
  if (poolAt >= pool.length) {
    randomFillSync(pool);
    poolAt = 0;
  }
  poolAt += RANDOM_BYTES;
  return pool.subarray(poolAt - RANDOM_BYTES, poolAt);
}

const scratch = Buffer.alloc(16);

/**
 * UUID version 7 (RFC 9562): 48 bits of Unix time in milliseconds, then random bits, so ids sort by time of making.
 * @param nowMs Unix time in milliseconds
 * @param random 10 random bytes; by default from the system's generator
 */
export function uuidv7(nowMs: number, random: Uint8Array = nextRandom()): string {
  scratch.writeUIntBE(Math.floor(nowMs), 0, 6);
  scratch.set(random.subarray(0, RANDOM_BYTES), 6);
  scratch[6] = 0x70 | ((scratch[6] ?? 0) & 0x0f);
  scratch[8] = 0x80 | ((scratch[8] ?? 0) & 0x3f);
  const h = scratch.toString('hex');
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** True for the canonical text form of a UUID of any version. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
