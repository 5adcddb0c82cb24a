import { promisify } from 'node:util';
import {
  brotliDecompress,
  brotliDecompressSync,
  gunzip,
  gunzipSync,
  inflate,
  inflateSync,
  zstdDecompress,
  zstdDecompressSync,
} from 'node:zlib';
import { RequestRefused } from './fault.ts';

type Options = { readonly maxOutputLength: number }; // prettier-ignore
interface Codec {
  readonly now: (bytes: Uint8Array, options: Options) => Buffer;
  readonly later: (bytes: Uint8Array, options: Options) => Promise<Buffer>;
}

const GZIP: Codec = { now: gunzipSync, later: promisify<Uint8Array, Options, Buffer>(gunzip) };
const ZSTD: Codec = { now: zstdDecompressSync, later: promisify<Uint8Array, Options, Buffer>(zstdDecompress) };
const CODECS: Readonly<Record<string, Codec>> = {
  gzip: GZIP,
  'x-gzip': GZIP,
  zstd: ZSTD,
  br: { now: brotliDecompressSync, later: promisify<Uint8Array, Options, Buffer>(brotliDecompress) },
  deflate: { now: inflateSync, later: promisify<Uint8Array, Options, Buffer>(inflate) },
};

/** Larger bodies are decompressed on the thread pool; smaller ones cost less than the way there. */
const SYNC_BYTES = 64 * 1024;

/** Labelled or not: some SDKs send gzip without saying so, or with a false content type. */
function sniffed(body: Uint8Array): Codec | null {
  if (body[0] === 0x1f && body[1] === 0x8b) return GZIP;
  return body[0] === 0x28 && body[1] === 0xb5 && body[2] === 0x2f && body[3] === 0xfd ? ZSTD : null;
}

/** `null` = not compressed. @throws RequestRefused unsupported_encoding */
function codecOf(body: Uint8Array, encoding: string | undefined): Codec | null {
  const label = encoding?.trim().toLowerCase() ?? '';
  if (label === '' || label === 'identity') return sniffed(body);
  const codec = CODECS[label];
  if (codec === undefined) throw new RequestRefused('unsupported_encoding');
  // A proxy may have decompressed the body and left the header.
  return codec === GZIP && sniffed(body) !== GZIP && looksLikeJson(body) ? null : codec;
}

const JSON_STARTS = new Set([0x20, 0x09, 0x0a, 0x0d, 0x5b, 0x7b, 0xef]);
const looksLikeJson = (body: Uint8Array): boolean => body[0] !== undefined && JSON_STARTS.has(body[0]);

/**
 * The plain bytes of a body, never more than `maxBytes`: decompression stops there, whatever the bomb would become.
 * @throws RequestRefused unsupported_encoding, body_too_large, or malformed_body when the compression is broken or cut off
 */
export function decompress(body: Buffer, encoding: string | undefined, maxBytes: number): Buffer | Promise<Buffer> {
  const codec = codecOf(body, encoding);
  if (codec === null) {
    if (body.length > maxBytes) throw new RequestRefused('body_too_large');
    return body;
  }
  const options = { maxOutputLength: maxBytes };
  if (body.length > SYNC_BYTES) {
    return codec.later(body, options).catch((error: unknown) => {
      throw refusalOf(error);
    });
  }
  try {
    return codec.now(body, options);
  } catch (error) {
    throw refusalOf(error);
  }
}

function refusalOf(error: unknown): RequestRefused {
  if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return new RequestRefused('body_too_large');
  const cause = error instanceof Error ? error.message : String(error);
  return new RequestRefused('malformed_body', { message: `The body's compression is broken: ${cause}.` });
}
