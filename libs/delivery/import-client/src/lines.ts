import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { PassThrough, pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createZstdDecompress } from 'node:zlib';

/** A file to import. */
export interface LineSource {
  /** Tells imports apart: part of every made event id, so the same file under the same label adds nothing. */
  readonly label: string;
  /** Size as stored (compressed), bytes; null for a stream of unknown size. */
  readonly size: number | null;
  /** Bytes read so far, of `size`. */
  bytesRead(): number;
  /** The lines, without their ends. */
  lines(): AsyncGenerator<Buffer>;
}

/** Longer lines are cut here: no access log and no event has any that is meant. */
const MAX_LINE = 1024 * 1024;

const GZIP = [0x1f, 0x8b];
const ZSTD = [0x28, 0xb5, 0x2f, 0xfd];

/**
 * Opens a file, compressed (gzip and zstd by their first bytes, brotli by the ending .br) or not.
 * @param label default: the base name without the ending of a compression
 * @throws the file system's error when it cannot be read
 */
export async function openFile(path: string, label?: string): Promise<LineSource> {
  const { size } = await stat(path);
  const name = basename(path).replace(/\.(gz|zst|br)$/, '');
  return fromStream(createReadStream(path), { label: label ?? name, size, brotli: path.endsWith('.br') });
}

/** A stream such as standard input; gzip and zstd are recognised. */
export function fromStream(
  stream: Readable,
  options: { label: string; size?: number | null; brotli?: boolean },
): LineSource {
  const { label, size = null, brotli = false } = options;
  let read = 0;
  stream.on('data', (chunk: Buffer) => (read += chunk.length));
  stream.pause();
  return {
    label,
    size,
    bytesRead: () => read,
    lines: () => splitLines(decompressed(stream, brotli)),
  };
}

async function* decompressed(stream: Readable, brotli: boolean): AsyncGenerator<Buffer> {
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const first = await chunks.next();
  if (first.done === true) return;
  const codec = brotli ? createBrotliDecompress() : codecOf(first.value);
  const rest = rejoined(first.value, chunks);
  if (codec === null) {
    yield* rest;
    return;
  }
  // The pipeline destroys the codec with the source's error, which the loop below then throws.
  const output = pipeline(rest, codec, new PassThrough(), () => undefined);
  for await (const chunk of output) yield chunk as Buffer;
}

function codecOf(head: Buffer): NodeJS.ReadWriteStream | null {
  if (GZIP.every((byte, at) => head[at] === byte)) return createGunzip();
  return ZSTD.every((byte, at) => head[at] === byte) ? createZstdDecompress() : null;
}

async function* rejoined(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

/** Splits at LF; a CR before it belongs to the end. A last line without an end counts. */
export async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let open: Buffer[] = [];
  let length = 0;
  const add = (piece: Buffer): void => {
    if (length < MAX_LINE) open.push(piece.subarray(0, MAX_LINE - length));
    length += piece.length;
  };
  const take = (): Buffer => {
    const line = open.length === 1 ? (open[0] ?? Buffer.alloc(0)) : Buffer.concat(open);
    open = [];
    length = 0;
    return line.at(-1) === 13 ? line.subarray(0, -1) : line;
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      add(chunk.subarray(from, end));
      yield take();
      from = end + 1;
    }
    if (from < chunk.length) add(chunk.subarray(from));
  }
  if (length > 0) yield take();
}
