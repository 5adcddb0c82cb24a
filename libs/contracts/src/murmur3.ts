/*
 * MurmurHash3 x64-128, low 64 bits, seed 0, by Austin Appleby (public domain: https://github.com/aappleby/smhasher).
 * V8 keeps a bigint in a 64-bit register as long as every step is cut by `BigInt.asUintN(64, …)`: about 0.1 µs for 70 bytes.
 * A step without the cut, or with the cut behind a function of our own, makes heap objects and costs twenty times that.
 */

/** 64-bit hash as two unsigned 32-bit halves. */
export interface Hash64 {
  readonly hi: number;
  readonly lo: number;
}

const C1 = 0x87c37b91114253d5n;
const C2 = 0x4cf5ad432745937fn;

/** Words are read in the machine's byte order, which is little-endian wherever Node runs (x64, arm64). */
const result = new BigUint64Array(1);
const halves = new Uint32Array(result.buffer);
const running = new BigUint64Array(2);

function scramble1(word: bigint): bigint {
  const k = BigInt.asUintN(64, word * C1);
  return BigInt.asUintN(64, BigInt.asUintN(64, BigInt.asUintN(64, k << 31n) | (k >> 33n)) * C2);
}

function scramble2(word: bigint): bigint {
  const k = BigInt.asUintN(64, word * C2);
  return BigInt.asUintN(64, BigInt.asUintN(64, BigInt.asUintN(64, k << 33n) | (k >> 31n)) * C1);
}

function mix(word: bigint): bigint {
  let k = BigInt.asUintN(64, BigInt.asUintN(64, word ^ (word >> 33n)) * 0xff51afd7ed558ccdn);
  k = BigInt.asUintN(64, BigInt.asUintN(64, k ^ (k >> 33n)) * 0xc4ceb9fe1a85ec53n);
  return BigInt.asUintN(64, k ^ (k >> 33n));
}

/** Folds the whole blocks (16 bytes) of `words` that lie in `fromByte` to `toByte` into {@link running}. */
function foldBlocks(words: BigUint64Array, fromByte: number, toByte: number): void {
  let h1 = running[0] ?? 0n;
  let h2 = running[1] ?? 0n;
  for (let block = fromByte >>> 4; block < toByte >>> 4; block++) {
    h1 = BigInt.asUintN(64, h1 ^ scramble1(words[2 * block] ?? 0n));
    h1 = BigInt.asUintN(64, BigInt.asUintN(64, h1 << 27n) | (h1 >> 37n));
    h1 = BigInt.asUintN(64, BigInt.asUintN(64, BigInt.asUintN(64, h1 + h2) * 5n) + 0x52dce729n);
    h2 = BigInt.asUintN(64, h2 ^ scramble2(words[2 * block + 1] ?? 0n));
    h2 = BigInt.asUintN(64, BigInt.asUintN(64, h2 << 31n) | (h2 >> 33n));
    h2 = BigInt.asUintN(64, BigInt.asUintN(64, BigInt.asUintN(64, h2 + h1) * 5n) + 0x38495ab5n);
  }
  running[0] = h1;
  running[1] = h2;
}

/** Folds the last, zero-padded block and finishes. */
function finish(words: BigUint64Array, bytes: Uint8Array, length: number): Hash64 {
  const tail = length >>> 4;
  for (let i = length; i < 16 * tail + 16; i++) bytes[i] = 0;
  const size = BigInt(length);
  let h2 = BigInt.asUintN(64, BigInt.asUintN(64, (running[1] ?? 0n) ^ scramble2(words[2 * tail + 1] ?? 0n)) ^ size);
  let h1 = BigInt.asUintN(64, BigInt.asUintN(64, (running[0] ?? 0n) ^ scramble1(words[2 * tail] ?? 0n)) ^ size);
  h1 = BigInt.asUintN(64, h1 + h2);
  h2 = BigInt.asUintN(64, h2 + h1);
  result[0] = BigInt.asUintN(64, mix(h1) + mix(h2));
  return { hi: halves[1] ?? 0, lo: halves[0] ?? 0 };
}

/** Hash of the bytes, seed 0; the first 64 bits of the 128-bit result. Pure. */
export function murmur3(bytes: Uint8Array): Hash64 {
  const words = new BigUint64Array(2 * ((bytes.length >>> 4) + 1));
  const copy = new Uint8Array(words.buffer);
  copy.set(bytes);
  running.fill(0n);
  foldBlocks(words, 0, bytes.length);
  return finish(words, copy, bytes.length);
}

/** Bytes a {@link PrefixHasher} holds: 40 of prefix and 200 characters of 4 bytes fit. */
const CAPACITY = 1_024;

/** Hashes many texts that share a prefix: the prefix's whole blocks are folded once. */
export class PrefixHasher {
  readonly #words = new BigUint64Array(CAPACITY / 8);
  readonly #bytes = Buffer.from(this.#words.buffer);
  readonly #prefix: string;
  readonly #length: number;
  readonly #h1: bigint;
  readonly #h2: bigint;

  /** @param prefix at most 100 characters */
  constructor(prefix: string) {
    this.#prefix = prefix;
    this.#length = this.#bytes.write(prefix, 'utf8');
    running.fill(0n);
    foldBlocks(this.#words, 0, this.#length);
    this.#h1 = running[0] ?? 0n;
    this.#h2 = running[1] ?? 0n;
  }

  /** Same as `murmur3` of the UTF-8 bytes of prefix and text. */
  hash(text: string): Hash64 {
    // A UTF-16 unit takes at most 3 bytes in UTF-8; 16 are for padding.
    if (text.length * 3 > CAPACITY - this.#length - 16) return murmur3(Buffer.from(this.#prefix + text, 'utf8'));
    return this.#finish(this.#length + this.#bytes.write(text, this.#length, 'utf8'));
  }

  /** Same for a text given as its UTF-8 bytes in [start, end). */
  hashBytes(bytes: Uint8Array, start: number, end: number): Hash64 {
    const length = this.#length + end - start;
    if (length > CAPACITY - 16) return murmur3(Buffer.concat([Buffer.from(this.#prefix), bytes.subarray(start, end)]));
    const shift = this.#length - start;
    for (let i = start; i < end; i++) this.#bytes[i + shift] = bytes[i] ?? 0;
    return this.#finish(length);
  }

  #finish(length: number): Hash64 {
    running[0] = this.#h1;
    running[1] = this.#h2;
    foldBlocks(this.#words, this.#length, length);
    return finish(this.#words, this.#bytes, length);
  }
}
