import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/*
 * Text as bytes. Most text goes as UTF-8, unchanged; what does not begins with a byte that no UTF-8 begins with:
 *   0xff  UTF-16LE: text with lone surrogates, which UTF-8 cannot hold
 *   0xfe  zstd of UTF-8
 */
const UTF16 = 0xff;
const ZSTD = 0xfe;

/** A value's bound, bytes of UTF-8. */
export const MAX_VALUE_BYTES = 256 * 1024;

/** From here on compression (40 µs and a quarter of the size) is worth its time; session states have about 600 bytes. */
const COMPRESS_FROM = 4_096;

const ZSTD_OPTIONS = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** A state is larger than any can be that its processor bounds: a fault of the processor, which stops the partition. */
export class StateTooLarge extends Error {
  override readonly name = 'StateTooLarge';
}

/** Any string, one to one. */
export function toKeyBytes(key: string): string | Buffer {
  return key.isWellFormed() ? key : marked(UTF16, Buffer.from(key, 'utf16le'));
}

/**
 * Any string of at most {@link MAX_VALUE_BYTES}.
 * @throws StateTooLarge
 */
export function toValueBytes(value: string, key: string): string | Buffer {
  if (value.length < COMPRESS_FROM) return toKeyBytes(value);
  const bytes = Buffer.byteLength(value);
  if (bytes > MAX_VALUE_BYTES) {
    const name = JSON.stringify(key.slice(0, 200));
    throw new StateTooLarge(`The state of key ${name} has ${bytes} bytes; at most ${MAX_VALUE_BYTES} are stored.`);
  }
  if (!value.isWellFormed()) return marked(UTF16, Buffer.from(value, 'utf16le'));
  return marked(ZSTD, zstdCompressSync(value, ZSTD_OPTIONS));
}

/** The text of a key or value. */
export function fromBytes(bytes: Buffer): string {
  switch (bytes[0]) {
    case UTF16:
      return bytes.toString('utf16le', 1);
    case ZSTD:
      return zstdDecompressSync(bytes.subarray(1), { maxOutputLength: MAX_VALUE_BYTES }).toString('utf8');
    default:
      return bytes.toString('utf8');
  }
}

function marked(mark: number, bytes: Buffer): Buffer {
  const all = Buffer.allocUnsafe(bytes.length + 1);
  all[0] = mark;
  bytes.copy(all, 1);
  return all;
}
