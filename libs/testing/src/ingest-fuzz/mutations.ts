import type { Random } from './random.ts';

/** Bytes that mean something to parsers, and some that never may stand in UTF-8. */
const TOKENS = [
  '{', '}', '[', ']', ',', ':', '"', '\\', '\0', '\n', '\r\n', ' ', '},{', '"},{"', ']}', '\\u0000', '\\ud800', '\ufeff', 'null', '1e9999',
  '-', '0', 'NaN', 'Infinity', "'", '/*', '"__proto__":', '\u2028',
].map((text) => Buffer.from(text)).concat([[0xff], [0xc0, 0xaf], [0xe2, 0x82], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xfe, 0xff]].map((bytes) => Buffer.from(bytes))); // prettier-ignore

type Mutate = (random: Random, bytes: Buffer, at: number) => Buffer;

const splice = (bytes: Buffer, at: number, { cut, add }: { cut: number; add: Uint8Array }): Buffer =>
  Buffer.concat([bytes.subarray(0, at), add, bytes.subarray(at + cut)]);

const MUTATIONS: readonly Mutate[] = [
  (random, bytes, at) => splice(bytes, at, { cut: 1, add: random.bytes(1) }),
  (random, bytes, at) => splice(bytes, at, { cut: 0, add: random.pick(TOKENS) }),
  (random, bytes, at) => splice(bytes, at, { cut: 1, add: random.pick(TOKENS) }),
  (random, bytes, at) => splice(bytes, at, { cut: 1 + random.int(8), add: Buffer.alloc(0) }),
  (_random, bytes, at) => bytes.subarray(0, at),
  (_random, bytes, at) => bytes.subarray(at),
  (random, bytes, at) => splice(bytes, at, { cut: 0, add: bytes.subarray(at, at + random.int(100)) }),
  (random, bytes, at) => splice(bytes, at, { cut: 0, add: random.bytes(random.int(20)) }),
  (random, bytes, at) => splice(bytes, at, { cut: 0, add: bytes.subarray(random.int(bytes.length)) }),
];

/** The bytes with one to four changes: turned, cut, doubled, moved, with tokens in wrong places. */
export function mutated(random: Random, bytes: Buffer): Buffer {
  let result = Buffer.from(bytes);
  for (let left = 1 + random.int(4); left > 0 && result.length > 0; left--) {
    result = Buffer.from(random.pick(MUTATIONS)(random, result, random.int(result.length)));
  }
  return result;
}
