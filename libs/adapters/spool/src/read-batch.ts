import type { SpoolFacts } from '@productgraph/platform-telemetry';
import type { SpoolFiles } from './files.ts';
import {
  claimedLength,
  decodeFrame,
  FRAME_HEADER_BYTES,
  frameAt,
  scanFrames,
  type FrameAt,
  type SpoolEntry,
} from './frame.ts';
import { damageName, setAside, type Segment } from './recovery.ts';

export interface BatchRead {
  readonly files: SpoolFiles;
  readonly facts: Pick<SpoolFacts, 'setAside'>;
  /** Has something left to drain. */
  readonly segment: Segment;
  readonly maxBytes: number;
}

/**
 * Entries from the segment's offset on: up to `maxBytes`, or a single one that is larger. Null = there was damage at the offset, which is
 * now set aside, and the offset is behind it.
 */
export async function readBatch(
  read: BatchRead,
): Promise<{ readonly entries: SpoolEntry[]; readonly records: number; readonly bytes: number } | null> {
  const { files, segment, maxBytes } = read;
  const { name, offset, bytes: end } = segment;
  let bytes = await files.read(name, offset, Math.min(maxBytes, end - offset));
  const claimed = bytes.length < FRAME_HEADER_BYTES ? null : claimedLength(bytes, 0);
  if (claimed !== null && claimed > bytes.length && offset + claimed <= end) {
    bytes = await files.read(name, offset, claimed);
  }
  const frames: FrameAt[] = [];
  let next = 0;
  for (let frame = frameAt(bytes, 0); frame !== null; frame = frameAt(bytes, next)) {
    frames.push(frame);
    next += frame.length;
  }
  if (frames.length === 0) {
    await passDamage(read);
    return null;
  }
  const records = frames.reduce((sum, frame) => sum + frame.records, 0);
  return { entries: frames.map((frame) => decodeFrame(bytes, frame)), records, bytes: next };
}

/** The disk has spoilt what was right when it was written. */
async function passDamage({ files, facts, segment }: BatchRead): Promise<void> {
  const { name, offset, bytes: end } = segment;
  const rest = await files.read(name, offset, end - offset);
  const { frames } = scanFrames(rest);
  const length = frames[0]?.offset ?? end - offset;
  const file = damageName(name, offset);
  await setAside(files, file, rest.subarray(0, length));
  facts.setAside({ file, reason: 'damaged', bytes: length });
  segment.offset += length;
  segment.records = frames.reduce((sum, frame) => sum + frame.records, 0);
}
