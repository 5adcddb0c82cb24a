import { randomBytes } from 'node:crypto';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createDecompress } from './decompress.ts';
import { RequestRefused } from './fault.ts';

const decompress = createDecompress();
const MAX = 10 * 1024 * 1024;
const JSON_TEXT = '{"event.type":"page.view","user.id":"ann"}';
/** Larger than 64 KB when compressed: takes the way through the thread pool. */
const LARGE = `{"properties":{"noise":"${randomBytes(150_000).toString('base64')}"}}`;

type Compress = (text: string) => Buffer;
const CODECS: readonly [string, Compress][] = [
  ['gzip', (text) => gzipSync(text)],
  ['zstd', (text) => zstdCompressSync(text)],
  ['br', (text) => brotliCompressSync(text)],
  ['deflate', (text) => deflateSync(text)],
];

const plain = async (body: Buffer, encoding?: string, max = MAX): Promise<string> =>
  (await decompress(body, encoding, max)).toString('utf8');

async function codeOf(body: Buffer, encoding?: string, max = MAX): Promise<string> {
  try {
    return `taken: ${(await decompress(body, encoding, max)).length}`;
  } catch (error) {
    if (!(error instanceof RequestRefused)) throw error;
    return error.code;
  }
}

describe.each([
  ['small', JSON_TEXT],
  ['large', LARGE],
])('a %s body', (_size, text) => {
  it.each(CODECS)('%s', async (encoding, compress) => {
    expect(await plain(compress(text), encoding)).toBe(text);
    expect(await plain(compress(text), ` ${encoding.toUpperCase()} `)).toBe(text);
  });

  it.each(CODECS)('%s that is cut off or broken', async (encoding, compress) => {
    const body = compress(text);
    for (const length of [0, 1, 4, body.length >> 1, body.length - 1]) {
      expect([length, await codeOf(body.subarray(0, length), encoding)]).toEqual([length, 'malformed_body']);
    }
    expect(await codeOf(Buffer.concat([body.subarray(0, 2), randomBytes(body.length)]), encoding)).toBe(
      'malformed_body',
    );
  });

  it.each(['gzip', 'zstd'])('%s without a label is known by its first bytes', async (encoding) => {
    const body = CODECS.find(([name]) => name === encoding)?.[1](text) ?? Buffer.alloc(0);
    expect(await plain(body)).toBe(text);
    expect(await plain(body, 'identity')).toBe(text);
    expect(await plain(body, '')).toBe(text);
  });

  it('gzip and zstd in several members or frames', async () => {
    const [head, tail] = [text.slice(0, 20), text.slice(20)];
    expect(await plain(Buffer.concat([gzipSync(head), gzipSync(tail)]), 'gzip')).toBe(text);
    expect(await plain(Buffer.concat([zstdCompressSync(head), zstdCompressSync(tail)]), 'zstd')).toBe(text);
    expect(await plain(Buffer.concat([zstdCompressSync(head), zstdCompressSync(''), zstdCompressSync(tail)]))).toBe(
      text,
    );
  });

  it('something behind the end', async () => {
    const garbage = Buffer.from('garbage');
    for (const [encoding, compress] of CODECS) {
      expect([encoding, await codeOf(Buffer.concat([compress(text), garbage]), encoding)]).toEqual([
        encoding,
        'malformed_body',
      ]);
    }
    // Padding of block devices and some loggers.
    expect(await plain(Buffer.concat([gzipSync(text), Buffer.alloc(512)]), 'gzip')).toBe(text);
  });
});

describe('a label that is not true', () => {
  it.each<[string, string | undefined, Buffer, string]>([
    ['gzip on plain JSON (a proxy has decompressed it)', 'gzip', Buffer.from(JSON_TEXT), `taken: ${JSON_TEXT.length}`],
    [
      'gzip on plain JSON with a byte order mark',
      'gzip',
      Buffer.from(`\ufeff${JSON_TEXT}`),
      `taken: ${JSON_TEXT.length + 3}`,
    ],
    ['gzip on zstd', 'gzip', zstdCompressSync(JSON_TEXT), 'malformed_body'],
    ['gzip on random bytes', 'gzip', randomBytes(100).fill(7, 0, 1), 'malformed_body'],
    ['zstd on plain JSON', 'zstd', Buffer.from(JSON_TEXT), 'malformed_body'],
    ['br on plain JSON', 'br', Buffer.from(JSON_TEXT), 'malformed_body'],
    ['deflate on plain JSON', 'deflate', Buffer.from(JSON_TEXT), 'malformed_body'],
    ['br on gzip', 'br', gzipSync(JSON_TEXT), 'malformed_body'],
    ['gzip on nothing', 'gzip', Buffer.alloc(0), 'malformed_body'],
  ])('%s', async (...[, encoding, body, expected]) => {
    expect(await codeOf(body, encoding)).toBe(expected);
  });
});

it.each(['rot13', 'compress', 'gzip, gzip', 'gzip,br', 'constructor', '__proto__', 'toString', '*'])(
  'encoding %s is not supported',
  async (encoding) => {
    expect(await codeOf(gzipSync(JSON_TEXT), encoding)).toBe('unsupported_encoding');
    expect(await codeOf(gzipSync(LARGE), encoding)).toBe('unsupported_encoding');
  },
);

describe('bombs', () => {
  const zeros = Buffer.alloc(50 * 1024 * 1024);
  const bombs: readonly [string, Buffer][] = [
    ['gzip', gzipSync(zeros)],
    ['zstd', zstdCompressSync(zeros)],
    ['br', brotliCompressSync(zeros)],
    ['deflate', deflateSync(zeros)],
  ];

  it.each(bombs)('%s stops at the limit', async (encoding, bomb) => {
    const before = process.memoryUsage().rss;
    for (let i = 0; i < 5; i++) expect(await codeOf(bomb, encoding)).toBe('body_too_large');
    expect(process.memoryUsage().rss - before).toBeLessThan(120 * 1024 * 1024);
  });

  it('of many frames or members stop at the limit too', async () => {
    const megabyte = Buffer.alloc(1024 * 1024);
    for (const [encoding, one] of [
      ['gzip', gzipSync(megabyte)],
      ['zstd', zstdCompressSync(megabyte)],
    ] as const) {
      const members = (count: number): Buffer => Buffer.concat(Array.from({ length: count }, () => one));
      expect(await codeOf(members(10), encoding)).toBe(`taken: ${MAX}`);
      expect(await codeOf(members(11), encoding)).toBe('body_too_large');
    }
  });

  it('of ever so many empty frames are refused', async () => {
    const empty = zstdCompressSync('');
    const frames = (count: number): Buffer => Buffer.concat(Array.from({ length: count }, () => empty));
    expect(await codeOf(frames(1_000))).toBe('taken: 0');
    expect(await codeOf(frames(1_001))).toBe('malformed_body');
    expect(await codeOf(frames(100_000))).toBe('malformed_body');
  });

  it.each([...CODECS, ['identity', (text: string) => Buffer.from(text)] as const])(
    '%s: the limit is exact',
    async (encoding, compress) => {
      const body = compress('x'.repeat(1000));
      expect(await codeOf(body, encoding, 1000)).toBe('taken: 1000');
      expect(await codeOf(body, encoding, 999)).toBe('body_too_large');
    },
  );
});
