import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startFaultProxy, type FaultProxy } from './fault-proxy.ts';

/** An echo server that remembers what it got, behind a proxy. */
let got: string[];
let proxy: FaultProxy;
let stop: () => Promise<void>;

beforeEach(async () => {
  got = [];
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (piece: Buffer) => {
      got.push(piece.toString());
      socket.write(piece);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = await startFaultProxy({ target: (server.address() as AddressInfo).port });
  stop = async () => {
    await proxy.stop();
    server.close();
  };
});
afterEach(() => stop());

async function client(port = proxy.port): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  // A test that waits for the error asks for it besides.
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

async function echo(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  const [piece] = (await once(socket, 'data')) as [Buffer];
  return piece.toString();
}

const broken = async (socket: Socket): Promise<string> => {
  const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
  return error.code ?? '';
};

describe('a fault proxy', () => {
  it('lets everything through, ends included', async () => {
    const socket = await client();
    expect(await echo(socket, 'one')).toBe('one');
    socket.end();
    await once(socket, 'close');
    expect(proxy.faults()).toBe(0);
  });

  it('cuts what is connected and takes who comes again', async () => {
    const socket = await client();
    await echo(socket, 'one');
    const error = broken(socket);
    proxy.cut();
    expect(await error).toBe('ECONNRESET');
    expect(proxy.faults()).toBe(1);
    expect(await echo(await client(), 'two')).toBe('two');
  });

  it('loses a reply: the server has done its work', async () => {
    const socket = await client();
    proxy.dropReplies(1);
    const error = broken(socket);
    socket.write('work');
    expect(await error).toBe('ECONNRESET');
    expect(got).toEqual(['work']);
    expect(await echo(await client(), 'again')).toBe('again');
  });

  it('is away until it is healed', async () => {
    proxy.disconnect();
    const refused = connect(proxy.port, '127.0.0.1');
    expect(await broken(refused)).toBe('ECONNRESET');
    proxy.heal();
    expect(await echo(await client(), 'back')).toBe('back');
  });

  it('is silent until it is healed, and loses nothing', async () => {
    const socket = await client();
    await echo(socket, 'one');
    proxy.silence();
    const reply = echo(socket, 'two');
    expect(await Promise.race([reply, sleep(50)])).toBeUndefined();
    proxy.heal();
    expect(await reply).toBe('two');
  });

  it('delays both ways', async () => {
    const socket = await client();
    proxy.delay(40);
    const begin = performance.now();
    expect(await echo(socket, 'late')).toBe('late');
    expect(performance.now() - begin).toBeGreaterThanOrEqual(75);
  });

  it('cuts at random, as the numbers it is given say', async () => {
    const { port: target } = proxy;
    const numbers = [0.5, 0.5, 0.1];
    const random = (): number => numbers.shift() ?? 1;
    const second = await startFaultProxy({ target, cutChance: 0.2, random });
    const socket = await client(second.port);
    expect(await echo(socket, 'one')).toBe('one');
    const error = broken(socket);
    socket.write('two');
    expect(await error).toBe('ECONNRESET');
    expect(second.faults()).toBe(1);
    await second.stop();
  });
});
