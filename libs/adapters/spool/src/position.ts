import { crc32 } from 'node:zlib';
import type { SpoolFile, SpoolFiles } from './files.ts';

const NAME = 'position';
/** Two slots in two sectors, written in turn: a write that is cut short spoils one of them. A slot is seq (u64) and its CRC-32. */
const SLOT_AT = [0, 512] as const;
const SLOT_BYTES = 12;

/** Which entry comes next. The file is small and never grows, so that it can be written when the disk is full. */
export interface Position {
  /** Seq of the first entry that the log does not have for sure. */
  readonly seq: number;
  /** Resolves when it is on the disk. */
  save(seq: number): Promise<void>;
  close(): Promise<void>;
}

/** Without a readable slot the position is 0: everything there is drained again. */
export async function openPosition(files: SpoolFiles): Promise<Position> {
  const found = (await files.list()).some(({ name }) => name === NAME);
  const bytes = found ? await files.read(NAME, 0, SLOT_AT[1] + SLOT_BYTES) : Buffer.alloc(0);
  const slots = SLOT_AT.map((at) => readSlot(bytes, at));
  const file = await files.open(NAME);
  const position = new PositionFile(file, slots);
  if (slots.every((seq) => seq === null)) await position.begin(files);
  return position;
}

class PositionFile implements Position {
  readonly #file: SpoolFile;
  #seq: number;
  /** Index of the slot that is written next: not the one that holds the position. */
  #next: 0 | 1;

  constructor(file: SpoolFile, [first, second]: readonly (number | null)[]) {
    this.#file = file;
    this.#seq = Math.max(first ?? 0, second ?? 0);
    this.#next = (first ?? -1) >= (second ?? -1) ? 1 : 0;
  }

  get seq(): number {
    return this.#seq;
  }

  async begin(files: SpoolFiles): Promise<void> {
    await this.save(0);
    await this.save(0);
    await files.syncFolder();
  }

  async save(seq: number): Promise<void> {
    const slot = Buffer.alloc(SLOT_BYTES);
    slot.writeBigUInt64BE(BigInt(seq));
    slot.writeUInt32BE(crc32(slot.subarray(0, 8)), 8);
    await this.#file.write(slot, SLOT_AT[this.#next]);
    await this.#file.sync();
    this.#next = this.#next === 0 ? 1 : 0;
    this.#seq = seq;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

function readSlot(bytes: Buffer, at: number): number | null {
  if (bytes.length < at + SLOT_BYTES) return null;
  const isRight = bytes.readUInt32BE(at + 8) === crc32(bytes.subarray(at, at + 8));
  return isRight ? Number(bytes.readBigUInt64BE(at)) : null;
}
