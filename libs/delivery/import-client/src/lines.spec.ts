import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { fromStream, openFile, splitLines } from './lines.ts';

async function collect(lines: AsyncIterable<Buffer>): Promise<string[]> {
  const all: string[] = [];
  for await (const line of lines) all.push(line.toString('latin1'));
  return all;
}

async function* chunksOf(bytes: Buffer, cuts: readonly number[]): AsyncGenerator<Buffer> {
  let from = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    yield bytes.subarray(from, cut % (bytes.length + 1));
    from = Math.max(from, cut % (bytes.length + 1));
  }
  yield bytes.subarray(from);
}

describe('splitLines', () => {
  it.each([
    ['', []],
    ['a', ['a']],
    ['a\n', ['a']],
    ['a\nb', ['a', 'b']],
    ['a\r\nb\r\n', ['a', 'b']],
    ['\n\n', ['', '']],
    ['a\rb\n', ['a\rb']],
    ['\xff\xfe\n', ['\xff\xfe']],
  ])('%j', async (text, expected) => {
    expect(await collect(splitLines(chunksOf(Buffer.from(text, 'latin1'), [])))).toEqual(expected);
  });

  it('gives the same lines wherever the chunks are cut', async () => {
    const piece = fc.constantFrom('a', 'é', '\n', '\r\n', 'long text ');
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 30 }),
        fc.array(fc.nat(200), { maxLength: 6 }),
        async (pieces, cuts) => {
          const bytes = Buffer.from(pieces.join(''));
          const ordered = cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b);
          const whole = await collect(splitLines(chunksOf(bytes, [])));
          expect(await collect(splitLines(chunksOf(bytes, ordered)))).toEqual(whole);
        },
      ),
    );
  });

  it('cuts a line that never ends', async () => {
    const huge = Buffer.alloc(3 * 1024 * 1024, 'x');
    const [line, next] = await collect(splitLines(chunksOf(Buffer.concat([huge, Buffer.from('\nb\n')]), [1000])));
    expect([line?.length, next]).toEqual([1024 * 1024, 'b']);
  });
});

describe('openFile', () => {
  const folder = mkdtempSync(join(tmpdir(), 'import-client-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const text = Buffer.from('one\ntwo\n');

  it.each([
    ['access.log', text],
    ['access.log.gz', gzipSync(text)],
    ['access.log.zst', zstdCompressSync(text)],
    ['access.log.br', brotliCompressSync(text)],
  ])('reads %s', async (name, bytes) => {
    writeFileSync(join(folder, name), bytes);
    const source = await openFile(join(folder, name));
    expect(await collect(source.lines())).toEqual(['one', 'two']);
    expect([source.label, source.size, source.bytesRead()]).toEqual(['access.log', bytes.length, bytes.length]);
  });

  it('takes a label', async () => {
    writeFileSync(join(folder, 'x.log'), text);
    expect((await openFile(join(folder, 'x.log'), 'web-1')).label).toBe('web-1');
  });

  it('fails with the cause for a broken or missing file', async () => {
    writeFileSync(join(folder, 'broken.gz'), gzipSync(Buffer.alloc(5000, 'x')).subarray(0, 30));
    const broken = await openFile(join(folder, 'broken.gz'));
    await expect(collect(broken.lines())).rejects.toThrow('unexpected end of file');
    await expect(openFile(join(folder, 'none'))).rejects.toThrow('ENOENT');
  });

  it('recognises a compressed stream', async () => {
    const source = fromStream(Readable.from([gzipSync(text)]), { label: 'stdin' });
    expect(await collect(source.lines())).toEqual(['one', 'two']);
    expect(await collect(fromStream(Readable.from([]), { label: 'stdin' }).lines())).toEqual([]);
  });
});
