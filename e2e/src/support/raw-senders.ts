import { connect, type Socket } from 'node:net';
import type { Random } from '@productgraph/testing';

/*
 * Senders that no HTTP client would be: they write to sockets by themselves.
 */

const EVENT = '{"event.type":"page.view","user.id":"cut"}';

interface Opened {
  readonly socket: Socket;
  readonly answer: () => string;
  readonly isConnected: () => boolean;
}

function open(url: string): Opened {
  const { hostname, port } = new URL(url);
  let answer = '';
  let isConnected = false;
  const socket = connect(Number(port), hostname);
  socket.setEncoding('latin1').on('data', (chunk: string) => (answer += chunk));
  // The server may cut the connection whenever it likes; what it said counts.
  socket.on('error', () => undefined);
  socket.on('connect', () => (isConnected = true));
  return { socket, answer: () => answer, isConnected: () => isConnected };
}

const head = (key: string, ...lines: string[]): string =>
  `POST /v1/events HTTP/1.1\r\nHost: x\r\nX-PG-API-Key: ${key}\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`;

/** Connections that begin a body and then send a byte now and then, until told to stop. */
export interface SlowLoris {
  /** Answers that came: none are expected before the server's own time is up (408). */
  answers(): string[];
  /** How many got through to the server. */
  connected(): number;
  stop(): void;
}

export function slowLoris(url: string, key: string, connections: number): SlowLoris {
  const senders = Array.from({ length: connections }, (_, index) => {
    const sender = open(url);
    // Half of them never even end their head.
    const begin = head(key, 'Content-Length: 100000');
    sender.socket.write(index % 2 === 0 ? `${begin}[` : begin.slice(0, -2));
    return sender;
  });
  const timer = setInterval(() => {
    for (const [index, { socket }] of senders.entries())
      if (socket.writable) socket.write(index % 2 === 0 ? ' ' : 'x: y\r\n');
  }, 500);
  return {
    answers: () =>
      senders.map(({ answer }) => answer()).filter((answer) => answer !== '' && !answer.startsWith('HTTP/1.1 408')),
    connected: () => senders.filter(({ isConnected }) => isConnected()).length,
    stop: () => {
      clearInterval(timer);
      for (const { socket } of senders) socket.destroy();
    },
  };
}

type Broken = (key: string, random: Random) => string;

const BROKEN: readonly Broken[] = [
  // Cut off in the head, before the body, in the body.
  (key, random) => head(key, 'Content-Length: 100').slice(0, random.int(60)),
  (key) => head(key, 'Content-Length: 100'),
  (key, random) => head(key, `Content-Length: ${EVENT.length + 1 + random.int(1_000)}`) + EVENT,
  // A length that is too small: the body is half an event, and what is behind it no request.
  (key, random) => head(key, `Content-Length: ${1 + random.int(EVENT.length - 1)}`) + EVENT,
  (key) => head(key, 'Content-Length: -1') + EVENT,
  (key) => head(key, 'Content-Length: 99999999999999999999') + EVENT,
  (key) => head(key, 'Content-Length: x') + EVENT,
  (key) => head(key, `Content-Length: ${EVENT.length}`, 'Content-Length: 1') + EVENT,
  (key) => head(key, `Content-Length: ${EVENT.length}`, 'Transfer-Encoding: chunked') + EVENT,
  (key) => head(key, 'Transfer-Encoding: gzip') + EVENT,
  // Chunks that are none, or too short.
  (key) => `${head(key, 'Transfer-Encoding: chunked')}zz\r\n${EVENT}\r\n0\r\n\r\n`,
  (key) => `${head(key, 'Transfer-Encoding: chunked')}fffffffffffffffff\r\n${EVENT}`,
  (key) => `${head(key, 'Transfer-Encoding: chunked')}5\r\n${EVENT}\r\n0\r\n\r\n`,
  (key) => `${head(key, 'Transfer-Encoding: chunked')}${EVENT.length.toString(16)}\r\n${EVENT}\r\n`,
  // No HTTP at all.
  (_key, random) => random.bytes(1 + random.int(300)).toString('latin1'),
  (key) => head(key, `X: ${'x'.repeat(100_000)}`, `Content-Length: ${EVENT.length}`) + EVENT,
];

/** One request that is cut off or badly framed, then the end of the connection. Answers what the server said. */
export function cutOff(url: string, key: string, random: Random): Promise<string> {
  const { socket, answer } = open(url);
  const text = random.pick(BROKEN)(key, random);
  const graceful = random.percent(50);
  return new Promise((resolve) => {
    socket.on('close', () => resolve(answer()));
    socket.write(Buffer.from(text, 'latin1'), () => {
      if (graceful) socket.end();
      else setTimeout(() => socket.resetAndDestroy(), 20);
    });
  });
}
