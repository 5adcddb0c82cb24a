/** The floor of B1 and B2: bare node:http that decompresses, parses and drops. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';

const ANSWER = '{"accepted":0,"rejected":0,"errors":[]}';
const inflate: Record<string, (bytes: Buffer) => Buffer> = { gzip: gunzipSync, zstd: zstdDecompressSync };

let events = 0;
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks);
    const encoding = request.headers['content-encoding'];
    const plain = encoding === undefined ? body : (inflate[encoding]?.(body) ?? body);
    const parsed = JSON.parse(plain.toString('utf8')) as { events: unknown[] };
    events += parsed.events.length;
    response.writeHead(202, { 'content-type': 'application/json', 'content-length': ANSWER.length });
    response.end(ANSWER);
  });
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port })}\n`);
});
process.on('SIGTERM', () => {
  process.stderr.write(`floor: ${String(events)} events\n`);
  process.exit(0);
});
