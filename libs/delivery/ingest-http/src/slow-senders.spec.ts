import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startEdge, view, type Edge, type EdgeOptions } from './spec-edge.ts';

/*
 * What needs a real socket: bodies that come in pieces, late, or not at all.
 */

let edge: Edge;
let port: number;
const sockets: Socket[] = [];

async function listen(options: EdgeOptions = {}): Promise<void> {
  edge = await startEdge(options);
  port = Number(new URL(await edge.server.listen()).port);
}
beforeEach(() => listen());
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await edge.server.stop();
});

interface Raw {
  readonly socket: Socket;
  readonly answer: () => string;
  /** Resolves when the answer has come to what the pattern wants. */
  readonly until: (pattern: RegExp) => Promise<string>;
}

async function open(): Promise<Raw> {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return {
    socket,
    answer: () => text,
    until: async (pattern) => {
      while (!pattern.test(text)) await Promise.race([once(socket, 'data'), once(socket, 'close')]);
      return text;
    },
  };
}

const head = (framing: string, more = ''): string =>
  `POST /v1/events HTTP/1.1\r\nHost: x\r\nX-PG-API-Key: ${edge.made.write.secret}\r\n${framing}\r\n${more}\r\n`;
const body = JSON.stringify([view({ event_id: 'a' }), view({ event_id: 'b' })]);
const ids = (): string[] => edge.events().map((event) => event.eventId);
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe('a sender that is slow', () => {
  it('byte by byte', async () => {
    const { socket, until } = await open();
    for (const byte of head(`Content-Length: ${body.length}`) + body) {
      socket.write(byte);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await until(/\}$/)).toMatch(/^HTTP\/1.1 202 [^]*\{"accepted":2,"rejected":0,"errors":\[\]\}$/);
  });

  it('in chunks, compressed', async () => {
    const { socket, until } = await open();
    socket.write(head('Transfer-Encoding: chunked', 'Content-Encoding: gzip\r\n'));
    const packed = gzipSync(body);
    for (let at = 0; at < packed.length; at += 7) {
      const piece = packed.subarray(at, at + 7);
      socket.write(`${piece.length.toString(16)}\r\n`);
      socket.write(piece);
      socket.write('\r\n');
      await new Promise((resolve) => setImmediate(resolve));
    }
    socket.write('0\r\n\r\n');
    await until(/HTTP\/1.1 202[^]*\}/);
    expect(ids()).toEqual(['a', 'b']);
  });

  it('keeps nobody else waiting', async () => {
    const slow = await Promise.all(Array.from({ length: 50 }, () => open()));
    for (const { socket } of slow) socket.write(head('Content-Length: 1000') + '[');
    const { socket, until } = await open();
    socket.write(head(`Content-Length: ${body.length}`) + body);
    await until(/HTTP\/1.1 202[^]*\}/);
    expect(slow.every(({ answer }) => answer() === '')).toBe(true);
  });

  it('sends one request after the other on one connection', async () => {
    const { socket, until } = await open();
    const request = head(`Content-Length: ${body.length}`) + body;
    socket.write(request + request.replaceAll('"a"', '"c"') + request.slice(0, -10));
    await until(/(?:HTTP\/1.1 202[^]*){2}\}/);
    expect(ids().sort()).toEqual(['a', 'b', 'b', 'c']);
    socket.write(request.slice(-10));
    await until(/(?:HTTP\/1.1 202[^]*){3}\}/);
    expect(ids()).toHaveLength(6);
  });
});

describe('a request that is cut off', () => {
  it.each<[string, () => string]>([
    ['before its body', () => head('Content-Length: 100')],
    ['inside its body, behind a whole event', () => head('Content-Length: 10000') + body],
    ['inside a chunk', () => `${head('Transfer-Encoding: chunked')}fff\r\n${body}`],
    ['between chunks', () => `${head('Transfer-Encoding: chunked')}${body.length.toString(16)}\r\n${body}\r\n`],
    ['in its head', () => head('Content-Length: 100').slice(0, 40)],
  ])('%s leaves nothing behind', async (_where, text) => {
    const { socket } = await open();
    socket.write(text());
    await turn();
    socket.resetAndDestroy();
    await turn();
    const { socket: next, until } = await open();
    next.write(head(`Content-Length: ${body.length}`) + body);
    await until(/HTTP\/1.1 202[^]*\}/);
    expect(ids()).toEqual(['a', 'b']);
  });

  it('by closing its half of the connection gets no 5xx', async () => {
    const { socket, answer } = await open();
    socket.end(head('Content-Length: 10000') + body);
    await once(socket, 'close');
    expect(answer()).not.toMatch(/^HTTP\/1.1 [25]/);
    expect(ids()).toEqual([]);
  });
});

describe('a body that is too large', () => {
  it('is refused by its announced length, before it is sent', async () => {
    const { socket, until } = await open();
    socket.write(head(`Content-Length: ${10 * 1024 * 1024 + 1}`));
    expect(await until(/\}\}$/)).toMatch(/^HTTP\/1.1 413 [^]*"code":"body_too_large"/);
  });

  it('is refused in the middle when nothing was announced', async () => {
    const { socket, until } = await open();
    socket.write(head('Transfer-Encoding: chunked'));
    const megabyte = ' '.repeat(1024 * 1024);
    for (let i = 0; i < 11; i++) socket.write(`${megabyte.length.toString(16)}\r\n${megabyte}\r\n`);
    expect(await until(/\}\}$/)).toMatch(/^HTTP\/1.1 413 [^]*"code":"body_too_large"/);
  });
});

it('many bodies on their way: those beyond the bound are asked to come again', async () => {
  await edge.server.stop();
  await listen({ maxBytesReceiving: 100_000 });
  const piece = `[${' '.repeat(30_000)}`;
  const slow = await Promise.all(Array.from({ length: 4 }, () => open()));
  for (const { socket } of slow) {
    socket.write(head('Content-Length: 50000') + piece);
    await turn();
  }
  const refused = await Promise.race(slow.map(({ until }) => until(/\}\}$/)));
  expect(slow.filter(({ answer }) => answer() !== '')).toHaveLength(1);
  expect(refused).toMatch(/^HTTP\/1.1 503 [^]*retry-after: 1\r\n[^]*"code":"unavailable"/i);
  expect(edge.facts.told.requestRefused).toEqual([{ code: 'unavailable' }]);
  // Those that go away make room.
  for (const { socket } of slow) socket.destroy();
  await turn();
  const { socket, until } = await open();
  const large = JSON.stringify([view({ properties: { text: 'x'.repeat(90_000) } })]);
  socket.write(head(`Content-Length: ${large.length}`) + large);
  await until(/HTTP\/1.1 202[^]*\}/);
});
