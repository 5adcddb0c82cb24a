import type { SpoolFacts } from '@productgraph/platform-telemetry';
import type { SpoolFiles } from './files.ts';
import { scanFrames, type Damage, type FrameAt } from './frame.ts';

const SUFFIX = '.spool';
/** Ends the name of a segment that is being repaired. */
const UNFINISHED = '.spool.tmp';
const SEQ_DIGITS = 16;

/** A file of frames with ascending seq, named after the first one. */
export interface Segment {
  readonly name: string;
  /** Bytes known to be on the disk; what may stand behind them was never acknowledged. */
  bytes: number;
  /** Where the next frame to drain begins. */
  offset: number;
  /** Records not drained. */
  records: number;
  /** When the oldest entry not drained was spooled, Unix milliseconds, or a little before. */
  oldestAt: number;
  lastSeq: number;
}

export const segmentName = (firstSeq: number): string => `${String(firstSeq).padStart(SEQ_DIGITS, '0')}${SUFFIX}`;

/**
 * Segments with something left to drain, in order. What ends in a torn frame is cut there if it is the last one, for then a write was cut
 * short that was not acknowledged. Everything else that is no frame is put into a file `damaged-…` first, and told.
 * @param from seq of the first entry to drain
 */
export async function recoverSegments(
  files: SpoolFiles,
  from: number,
  facts: Pick<SpoolFacts, 'setAside' | 'cut'>,
): Promise<{ readonly segments: Segment[]; readonly nextSeq: number }> {
  const all = await files.list();
  for (const { name } of all) if (name.endsWith(UNFINISHED)) await files.remove(name);
  const listed = all.filter(({ name }) => name.endsWith(SUFFIX));
  const segments: Segment[] = [];
  let nextSeq = from;
  for (const [index, { name, bytes: length }] of listed.entries()) {
    const bytes = await files.read(name, 0, length);
    const { frames, damages } = scanFrames(bytes);
    const isLast = index === listed.length - 1;
    const clean = damages.length === 0;
    if (!clean) await repair({ files, name, bytes, frames, damages, isLast, facts });
    const segment = segmentOf(name, { frames, from });
    nextSeq = Math.max(nextSeq, segment.lastSeq + 1);
    if (segment.offset < segment.bytes) segments.push(segment);
    else await files.remove(name);
  }
  await files.syncFolder();
  return { segments, nextSeq };
}

/** Puts bytes into a file of their own, on the disk before anything else happens to them. */
export async function setAside(files: SpoolFiles, name: string, bytes: Uint8Array): Promise<void> {
  await writeWhole(files, name, bytes);
  await files.syncFolder();
}

/** Where frames stand once everything between them is gone. */
function segmentOf(name: string, { frames, from }: { frames: readonly FrameAt[]; from: number }): Segment {
  const drained = frames.filter(({ seq }) => seq < from);
  const left = frames.filter(({ seq }) => seq >= from);
  return {
    name,
    bytes: sum(frames.map(({ length }) => length)),
    offset: sum(drained.map(({ length }) => length)),
    records: sum(left.map(({ records }) => records)),
    oldestAt: left[0]?.at ?? 0,
    lastSeq: frames.at(-1)?.seq ?? -1,
  };
}

interface Repair {
  readonly files: SpoolFiles;
  readonly name: string;
  readonly bytes: Buffer;
  readonly frames: readonly FrameAt[];
  readonly damages: readonly Damage[];
  readonly isLast: boolean;
  readonly facts: Pick<SpoolFacts, 'setAside' | 'cut'>;
}

async function repair({ files, name, bytes, frames, damages, isLast, facts }: Repair): Promise<void> {
  for (const { offset, length, kind } of damages) {
    if (kind === 'torn' && isLast) {
      facts.cut({ segment: name, bytes: length });
      continue;
    }
    const file = damageName(name, offset);
    await setAside(files, file, bytes.subarray(offset, offset + length));
    facts.setAside({ file, reason: 'damaged', bytes: length });
  }
  const good = frames.map(({ offset, length }) => bytes.subarray(offset, offset + length));
  const unfinished = name.replace(SUFFIX, UNFINISHED);
  await writeWhole(files, unfinished, Buffer.concat(good));
  await files.rename(unfinished, name);
  await files.syncFolder();
}

export const damageName = (segment: string, offset: number): string => `damaged-${segment}-${offset}`;

async function writeWhole(files: SpoolFiles, name: string, bytes: Uint8Array): Promise<void> {
  const file = await files.open(name);
  try {
    await file.truncate(0);
    await file.write(bytes, 0);
    await file.sync();
  } finally {
    await file.close();
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
