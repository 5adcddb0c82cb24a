import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';

/** How ports are found: free ones anywhere, or these, one after the other, in the order of their names. */
export type PortChoice = 'free' | { readonly base: number };

/** Below the ports that systems give to outgoing connections: a client's connection must not take the port of a server that restarts. */
const lowest = 20_000;

/**
 * A port on 127.0.0.1 for each name, all different and free at the moment of asking.
 * @throws when a port of a fixed choice is taken, naming all of them
 */
export async function pickPorts(
  names: readonly string[],
  choice: PortChoice,
  random: () => number = Math.random,
): Promise<Readonly<Record<string, number>>> {
  const ports = choice === 'free' ? await freePorts(names.length, random) : names.map((_, at) => choice.base + at);
  const picked = Object.fromEntries(names.map((name, at) => [name, ports[at] ?? 0]));
  if (choice !== 'free') await requireFree(picked);
  return picked;
}

/** @throws when one of these ports is taken, naming all that are */
export async function requireFree(ports: Readonly<Record<string, number>>): Promise<void> {
  const taken: string[] = [];
  for (const [name, port] of Object.entries(ports)) {
    const server = await tryListen(port);
    if (server) await close(server);
    else taken.push(`${port} (${name})`);
  }
  if (taken.length > 0) throw new Error(`Ports that another process uses: ${taken.join(', ')}.`);
}

async function freePorts(count: number, random: () => number): Promise<number[]> {
  const ephemeral = firstEphemeralPort();
  // Where nearly all ports are ephemeral there is no better place.
  const highest = ephemeral > lowest + 1000 ? ephemeral - 1 : 32_767;
  const held = new Map<number, Server>();
  for (let tries = 0; held.size < count; tries++) {
    if (tries > 50 * count + 200) throw new Error(`No ${count} free ports between ${lowest} and ${highest}.`);
    const port = lowest + Math.floor(random() * (highest - lowest + 1));
    const server = held.has(port) ? undefined : await tryListen(port);
    if (server) held.set(port, server);
  }
  await Promise.all([...held.values()].map(close));
  return [...held.keys()];
}

function firstEphemeralPort(): number {
  try {
    return Number.parseInt(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8'), 10);
  } catch {
    return 32_768;
  }
}

async function tryListen(port: number): Promise<Server | undefined> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return server;
  } catch {
    return undefined;
  }
}

async function close(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}
