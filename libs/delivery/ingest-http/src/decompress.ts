import {
  brotliDecompress,
  brotliDecompressSync,
  gunzip,
  gunzipSync,
  inflate,
  inflateSync,
  zstdDecompress,
  zstdDecompressSync,
  type InputType,
} from 'node:zlib';
import { RequestRefused } from './fault.ts';
import { createTurns } from './turns.ts';

interface Options {
  readonly maxOutputLength: number;
  readonly info: true;
}

/** What `info: true` makes of the result: the engine says how many bytes of the input it has used. */
interface Part {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

type Sync = (bytes: InputType, options: Options) => Buffer;
type Async = (bytes: InputType, options: Options, done: (error: Error | null, result: Buffer) => void) => void;

interface Codec {
  readonly now: (bytes: Uint8Array, options: Options) => Part;
  readonly later: (bytes: Uint8Array, options: Options) => Promise<Part>;
  /** What bytes behind the end mean: another frame, padding (gzip reads further members by itself), or a broken body. */
  readonly behind: 'frame' | 'padding' | 'fault';
}

/** Node's declarations do not know the result of `info: true`. */
function codecFrom(sync: Sync, async: Async, behind: Codec['behind']): Codec {
  return {
    now: (bytes, options) => sync(bytes, options) as unknown as Part,
    later: (bytes, options) =>
      new Promise((resolve, reject) => {
        async(bytes, options, (error, result) => {
          if (error === null) resolve(result as unknown as Part);
          else reject(error);
        });
      }),
    behind,
  };
}

const GZIP = codecFrom(gunzipSync, gunzip, 'padding');
const ZSTD = codecFrom(zstdDecompressSync, zstdDecompress, 'frame');
const CODECS: ReadonlyMap<string, Codec> = new Map([
  ['gzip', GZIP],
  ['x-gzip', GZIP],
  ['zstd', ZSTD],
  ['br', codecFrom(brotliDecompressSync, brotliDecompress, 'fault')],
  ['deflate', codecFrom(inflateSync, inflate, 'fault')],
]);

/** Larger bodies are decompressed on the thread pool; smaller ones cost less than the way there. */
const SYNC_BYTES = 64 * 1024;
/** As many as the pool has threads: more at a time would only hold more half-done bodies. */
const AT_A_TIME = 4;
/** Every frame costs some 20 µs however small it is: no more than events in a request. */
const MAX_FRAMES = 1_000;

/** Labelled or not: some SDKs send gzip without saying so, or with a false content type. */
function sniffed(body: Uint8Array): Codec | null {
  if (body[0] === 0x1f && body[1] === 0x8b) return GZIP;
  return body[0] === 0x28 && body[1] === 0xb5 && body[2] === 0x2f && body[3] === 0xfd ? ZSTD : null;
}

/** `null` = not compressed. @throws RequestRefused unsupported_encoding */
function codecOf(body: Uint8Array, encoding: string | undefined): Codec | null {
  const label = encoding?.trim().toLowerCase() ?? '';
  if (label === '' || label === 'identity') return sniffed(body);
  const codec = CODECS.get(label);
  if (codec === undefined) throw new RequestRefused('unsupported_encoding');
  // A proxy may have decompressed the body and left the header.
  return codec === GZIP && sniffed(body) !== GZIP && looksLikeJson(body) ? null : codec;
}

const JSON_STARTS = new Set([0x20, 0x09, 0x0a, 0x0d, 0x5b, 0x7b, 0xef]);
const looksLikeJson = (body: Uint8Array): boolean => body[0] !== undefined && JSON_STARTS.has(body[0]);

const broken = (cause: string): RequestRefused =>
  new RequestRefused('malformed_body', { message: `The body's compression is broken: ${cause}.` });

/** A body on its way, frame by frame: zstd may come in several, and Node stops behind the first. */
class Unpacking {
  readonly #body: Buffer;
  readonly #codec: Codec;
  readonly #maxBytes: number;
  readonly #parts: Buffer[] = [];
  #at = 0;
  #size = 0;

  constructor(body: Buffer, codec: Codec, maxBytes: number) {
    this.#body = body;
    this.#codec = codec;
    this.#maxBytes = maxBytes;
  }

  now(): Buffer {
    while (!this.#isDone()) this.#add(this.#codec.now(this.#rest(), this.#options()));
    return this.#plain();
  }

  async later(): Promise<Buffer> {
    while (!this.#isDone()) this.#add(await this.#codec.later(this.#rest(), this.#options()));
    return this.#plain();
  }

  #isDone(): boolean {
    if (this.#parts.length === 0) return false;
    if (this.#at >= this.#body.length || this.#codec.behind === 'padding') return true;
    if (this.#codec.behind === 'fault') throw broken('there are bytes behind its end');
    if (this.#parts.length >= MAX_FRAMES) throw broken(`it has more than ${MAX_FRAMES} frames`);
    return false;
  }

  #rest(): Buffer {
    return this.#body.subarray(this.#at);
  }

  #options(): Options {
    const room = this.#maxBytes - this.#size;
    if (room <= 0) throw new RequestRefused('body_too_large');
    return { maxOutputLength: room, info: true };
  }

  #add({ buffer, engine }: Part): void {
    this.#parts.push(buffer);
    this.#size += buffer.length;
    this.#at += engine.bytesWritten;
  }

  #plain(): Buffer {
    const [first] = this.#parts;
    return this.#parts.length === 1 && first !== undefined ? first : Buffer.concat(this.#parts);
  }
}

/**
 * The plain bytes of a body, never more than `maxBytes`: decompression stops there, whatever the bomb would become.
 * @throws RequestRefused unsupported_encoding, body_too_large, or malformed_body when the compression is broken or cut off
 */
export type Decompress = (body: Buffer, encoding: string | undefined, maxBytes: number) => Buffer | Promise<Buffer>;

/** Small bodies at once, large ones on the thread pool. */
export function createDecompress(): Decompress {
  const turn = createTurns(AT_A_TIME);
  return (body, encoding, maxBytes) => {
    const codec = codecOf(body, encoding);
    if (codec === null) {
      if (body.length > maxBytes) throw new RequestRefused('body_too_large');
      return body;
    }
    const unpacking = new Unpacking(body, codec, maxBytes);
    if (body.length > SYNC_BYTES) {
      return turn(() => unpacking.later()).catch((error: unknown) => {
        throw refusalOf(error);
      });
    }
    try {
      return unpacking.now();
    } catch (error) {
      throw refusalOf(error);
    }
  };
}

function refusalOf(error: unknown): RequestRefused {
  if (error instanceof RequestRefused) return error;
  if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return new RequestRefused('body_too_large');
  return broken(error instanceof Error ? error.message : String(error));
}
