import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { pickPorts, requireFree } from './ports.ts';

async function occupied(): Promise<{ port: number; free: () => void }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, free: () => server.close() };
}

describe('ports', () => {
  it('are free, different, and below those of outgoing connections', async () => {
    const names = Array.from({ length: 40 }, (_, at) => `p${at}`);
    const picked = await pickPorts(names, 'free');
    const ports = Object.values(picked);
    expect(Object.keys(picked)).toEqual(names);
    expect(new Set(ports).size).toBe(40);
    expect(ports.filter((port) => port < 20_000 || port > 32_767)).toEqual([]);
    await requireFree(picked);
  });

  it('are tried elsewhere when one is taken or comes twice', async () => {
    const numbers = [0.1, 0.1, 0.2];
    const picked = await pickPorts(['a', 'b'], 'free', () => numbers.shift() ?? Math.random());
    expect(picked.a).not.toBe(picked.b);
  });

  it('are in order from a base', async () => {
    const { a: base = 0 } = await pickPorts(['a'], 'free');
    const picked = await pickPorts(['a', 'b'], { base });
    expect(picked).toEqual({ a: base, b: base + 1 });
  });

  it('that are taken are named', async () => {
    const { port, free } = await occupied();
    await expect(pickPorts(['kafka-1'], { base: port })).rejects.toThrow(
      `Ports that another process uses: ${port} (kafka-1).`,
    );
    free();
  });
});
