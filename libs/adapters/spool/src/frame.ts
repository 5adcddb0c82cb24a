import { crc32 } from 'node:zlib';
import type { LogRecord } from '@productgraph/contracts';
import type { Append } from '@productgraph/kernel';

/*
 * A frame holds one append call, which is taken whole or not at all:
 *   magic "PGS" and version 1 (4 bytes) · length of the body (u32) · CRC-32 of length and body (u32) · body
 * The body, all numbers big-endian:
 *   seq (u64) · time of spooling, Unix ms (u64) · records (u32) · then blocks, each its length (u32) and bytes:
 *   per append {topic, partition, records} as JSON, then per record its fields as JSON, ids, payload.
 */

const MAGIC = Buffer.from('PGS1', 'latin1');
/** Bytes before a frame's body. */
export const FRAME_HEADER_BYTES = 12;
const BODY_HEAD_BYTES = 20;
const LENGTH_BYTES = 4;

/** One append call in the spool. */
export interface SpoolEntry {
  /** Counts up by one over the life of the folder. */
  readonly seq: number;
  /** When it was spooled, Unix milliseconds. */
  readonly at: number;
  readonly appends: readonly Append[];
}

/** Where a whole frame stands in some bytes, and what its head says. */
export interface FrameAt {
  readonly offset: number;
  /** Header included. */
  readonly length: number;
  readonly seq: number;
  readonly at: number;
  readonly records: number;
}

/** Bytes that are no frame. `torn` = the bytes end in the middle of it, as when a write was cut short. */
export interface Damage {
  readonly offset: number;
  readonly length: number;
  readonly kind: 'torn' | 'damaged';
}

/** A frame's checksum is right and its content is not what this version writes. */
class UnreadableFrame extends Error {
  override readonly name = 'UnreadableFrame';
}

export function encodeFrame({ seq, at, appends }: SpoolEntry): Buffer {
  const head = Buffer.alloc(FRAME_HEADER_BYTES + BODY_HEAD_BYTES);
  const parts: Uint8Array[] = [head];
  const add = (bytes: Uint8Array): void => {
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32BE(bytes.length);
    parts.push(length, bytes);
  };
  let count = 0;
  for (const { topic, partition, records } of appends) {
    add(Buffer.from(JSON.stringify({ topic, partition, records: records.length })));
    for (const { ids, payload, ...fields } of records) {
      for (const bytes of [Buffer.from(JSON.stringify(fields)), ids, payload]) add(bytes);
    }
    count += records.length;
  }
  head.set(MAGIC);
  head.writeBigUInt64BE(BigInt(seq), FRAME_HEADER_BYTES);
  head.writeBigUInt64BE(BigInt(Math.max(0, Math.round(at))), FRAME_HEADER_BYTES + 8);
  head.writeUInt32BE(count, FRAME_HEADER_BYTES + 16);
  const frame = Buffer.concat(parts);
  frame.writeUInt32BE(frame.length - FRAME_HEADER_BYTES, 4);
  frame.writeUInt32BE(sumOf(frame, 0, frame.length), 8);
  return frame;
}

/** The frame at `offset`, or null when there is no whole and right one. */
export function frameAt(bytes: Buffer, offset: number): FrameAt | null {
  const length = claimedLength(bytes, offset);
  if (length === null || offset + length > bytes.length) return null;
  if (bytes.readUInt32BE(offset + 8) !== sumOf(bytes, offset, length)) return null;
  const body = offset + FRAME_HEADER_BYTES;
  return {
    offset,
    length,
    seq: Number(bytes.readBigUInt64BE(body)),
    at: Number(bytes.readBigUInt64BE(body + 8)),
    records: bytes.readUInt32BE(body + 16),
  };
}

/** Bytes of the frame that begins at `offset` as its header claims, or null when none begins there. */
export function claimedLength(bytes: Buffer, offset: number): number | null {
  if (offset + FRAME_HEADER_BYTES > bytes.length) return null;
  if (bytes.compare(MAGIC, 0, MAGIC.length, offset, offset + MAGIC.length) !== 0) return null;
  const body = bytes.readUInt32BE(offset + 4);
  return body < BODY_HEAD_BYTES ? null : FRAME_HEADER_BYTES + body;
}

/** The entry in a frame that {@link frameAt} has found. @throws UnreadableFrame */
export function decodeFrame(bytes: Buffer, { offset, length, seq, at }: FrameAt): SpoolEntry {
  const end = offset + length;
  let next = offset + FRAME_HEADER_BYTES + BODY_HEAD_BYTES;
  const take = (): Buffer => {
    const from = next + LENGTH_BYTES;
    const to = from > end ? end + 1 : from + bytes.readUInt32BE(next);
    if (to > end) throw new UnreadableFrame(`Entry ${seq} of the spool ends too early`);
    next = to;
    // Of its own: an entry may outlive the bytes that were read together.
    return Buffer.from(bytes.subarray(from, to));
  };
  const appends: Append[] = [];
  while (next < end) {
    const { topic, partition, records } = JSON.parse(take().toString()) as AppendHead;
    appends.push({ topic, partition, records: Array.from({ length: records }, () => takeRecord(take)) });
  }
  return { seq, at, appends };
}

/** Every frame and every damage, in order, without a byte left out. */
export function scanFrames(bytes: Buffer): { readonly frames: FrameAt[]; readonly damages: Damage[] } {
  const frames: FrameAt[] = [];
  const damages: Damage[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const frame = frameAt(bytes, offset);
    if (frame === null) {
      const damage = damageAt(bytes, offset);
      damages.push(damage);
      offset += damage.length;
    } else {
      frames.push(frame);
      offset += frame.length;
    }
  }
  return { frames, damages };
}

type AppendHead = Pick<Append, 'topic' | 'partition'> & { readonly records: number };

function takeRecord(take: () => Buffer): LogRecord {
  const fields = JSON.parse(take().toString()) as Omit<LogRecord, 'ids' | 'payload'>;
  return { ...fields, ids: take(), payload: take() };
}

/** From a place where no frame begins to the next frame, or to the end. */
function damageAt(bytes: Buffer, offset: number): Damage {
  let next = bytes.indexOf(MAGIC, offset + 1);
  while (next !== -1 && frameAt(bytes, next) === null) next = bytes.indexOf(MAGIC, next + 1);
  if (next !== -1) return { offset, length: next - offset, kind: 'damaged' };
  const length = bytes.length - offset;
  const claimed = claimedLength(bytes, offset);
  const cutShort = claimed === null ? length < FRAME_HEADER_BYTES : claimed > length;
  return { offset, length, kind: cutShort ? 'torn' : 'damaged' };
}

/** Over length and body: all but magic and the sum itself. */
function sumOf(bytes: Buffer, offset: number, length: number): number {
  const start = crc32(bytes.subarray(offset + 4, offset + 8));
  return crc32(bytes.subarray(offset + FRAME_HEADER_BYTES, offset + length), start);
}
