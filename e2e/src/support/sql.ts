import { once } from 'node:events';
import { connect } from 'node:net';

/*
 * Statements on a test server that trusts us, by PostgreSQL's simple query protocol (version 3.0): enough to make roles and
 * databases, without a driver.
 */

const PROTOCOL = 196_608;

function startup(user: string, database: string): Buffer {
  const parameters = Buffer.from(`user\0${user}\0database\0${database}\0\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(parameters.length + 8, 0);
  head.writeInt32BE(PROTOCOL, 4);
  return Buffer.concat([head, parameters]);
}

function query(statement: string): Buffer {
  const text = Buffer.from(`${statement}\0`);
  const head = Buffer.from('Q\0\0\0\0');
  head.writeInt32BE(text.length + 4, 1);
  return Buffer.concat([head, text]);
}

/** Whole messages at the beginning of the bytes, and what is left. */
function messagesIn(bytes: Buffer): { messages: { type: string; body: Buffer }[]; rest: Buffer } {
  const messages: { type: string; body: Buffer }[] = [];
  let at = 0;
  while (bytes.length >= at + 5 && bytes.length > at + bytes.readInt32BE(at + 1)) {
    const end = at + 1 + bytes.readInt32BE(at + 1);
    messages.push({ type: bytes.toString('latin1', at, at + 1), body: bytes.subarray(at + 5, end) });
    at = end;
  }
  return { messages, rest: bytes.subarray(at) };
}

/**
 * Runs statements one after the other.
 * @throws Error with the server's words when one fails
 */
export async function execute(url: string, ...statements: readonly string[]): Promise<void> {
  const { hostname, port, username, pathname } = new URL(url);
  const socket = connect(Number(port), hostname);
  const todo = statements.map(query);
  let rest: Buffer = Buffer.alloc(0);
  socket.write(startup(username, pathname.slice(1)));
  try {
    for (;;) {
      const [chunk] = (await once(socket, 'data')) as [Buffer];
      const read = messagesIn(Buffer.concat([rest, chunk]));
      ({ rest } = read);
      for (const { type, body } of read.messages) {
        if (type === 'E') throw new Error(body.toString('utf8').replaceAll('\0', ' '));
        if (type !== 'Z') continue;
        const next = todo.shift();
        if (next === undefined) return;
        socket.write(next);
      }
    }
  } finally {
    socket.destroy();
  }
}
