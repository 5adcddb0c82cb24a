import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Where a fault proxy stands. */
export interface FaultProxyOptions {
  /** Port of the server, on 127.0.0.1. */
  readonly target: number;
  /** Port of the proxy, on 127.0.0.1. Default: any free one. */
  readonly port?: number;
  /** Chance from 0 to 1 that a piece that comes through, in either direction, cuts its connection instead. Default 0. */
  readonly cutChance?: number;
  /** Numbers from 0 to 1 for `cutChance`: of a seeded generator where a run is to be repeated. Default Math.random. */
  readonly random?: () => number;
}

/** A TCP proxy on 127.0.0.1 that breaks connections as networks do. Its faults can be changed at any time. */
export interface FaultProxy {
  readonly port: number;
  /** Connections that were broken by a fault so far. */
  faults(): number;
  /** Resets every connection; new ones are taken. */
  cut(): void;
  /** Resets every connection and refuses new ones, until `heal`. */
  disconnect(): void;
  /** Nothing comes through in either direction, connections stay, until `heal`. */
  silence(): void;
  /** Each piece comes later by this time. */
  delay(ms: number): void;
  /** The next replies (pieces from the server) are lost: the server has done its work, the client sees a reset. */
  dropReplies(count: number): void;
  /** Sets the chance of a cut. */
  cutAtRandom(chance: number): void;
  /** No faults from here on. */
  heal(): void;
  /** Ends the proxy with all its connections. */
  stop(): Promise<void>;
}

interface Faults {
  refuse: boolean;
  silent: boolean;
  delayMs: number;
  repliesToDrop: number;
  cutChance: number;
}

const NONE: Faults = { refuse: false, silent: false, delayMs: 0, repliesToDrop: 0, cutChance: 0 };

/** Starts a proxy in front of a server of this machine. */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const { target, port = 0, cutChance = 0, random = Math.random } = options;
  const faults: Faults = { ...NONE, cutChance };
  const pairs = new Set<Pair>();
  let broken = 0;
  const pass: Pass = (pair, fromServer) => {
    if (fromServer && faults.repliesToDrop > 0) faults.repliesToDrop--;
    else if (faults.cutChance === 0 || random() >= faults.cutChance) return true;
    broken++;
    pair.reset();
    return false;
  };
  const server = createServer((client) => {
    if (faults.refuse) {
      client.resetAndDestroy();
      return;
    }
    const pair = new Pair({ client, target, faults, pass });
    pairs.add(pair);
    pair.ended(() => pairs.delete(pair));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => {
    broken += pairs.size;
    for (const pair of pairs) pair.reset();
  };
  return {
    ...controls(faults, { pairs, cut }),
    port: (server.address() as AddressInfo).port,
    faults: () => broken,
    stop: async () => {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Connections {
  readonly pairs: ReadonlySet<Pair>;
  readonly cut: () => void;
}

function controls(faults: Faults, { pairs, cut }: Connections): Omit<FaultProxy, 'port' | 'faults' | 'stop'> {
  return {
    cut,
    disconnect: () => {
      faults.refuse = true;
      cut();
    },
    silence: () => {
      faults.silent = true;
      for (const pair of pairs) pair.flow(false);
    },
    delay: (ms) => (faults.delayMs = ms),
    dropReplies: (count) => (faults.repliesToDrop = count),
    cutAtRandom: (chance) => (faults.cutChance = chance),
    heal: () => {
      Object.assign(faults, NONE);
      for (const pair of pairs) pair.flow(true);
    },
  };
}

/** Whether a piece may pass; a fault breaks the pair and says no. */
type Pass = (pair: Pair, fromServer: boolean) => boolean;

interface PairOptions {
  readonly client: Socket;
  readonly target: number;
  readonly faults: Faults;
  readonly pass: Pass;
}

/** A client's connection and the one to the server that belongs to it. */
class Pair {
  readonly #client: Socket;
  readonly #server: Socket;

  constructor({ client, target, faults, pass }: PairOptions) {
    this.#client = client;
    this.#server = connect(target, '127.0.0.1');
    this.#pump({ from: client, to: this.#server, faults, pass: () => pass(this, false) });
    this.#pump({ from: this.#server, to: client, faults, pass: () => pass(this, true) });
    if (faults.silent) this.flow(false);
  }

  reset(): void {
    this.#client.resetAndDestroy();
    this.#server.resetAndDestroy();
  }

  flow(on: boolean): void {
    for (const socket of [this.#client, this.#server]) {
      if (on) socket.resume();
      else socket.pause();
    }
  }

  ended(then: () => void): void {
    this.#client.once('close', then);
  }

  #pump({ from, to, faults, pass }: { from: Socket; to: Socket; faults: Faults; pass: () => boolean }): void {
    const send = (piece: Buffer): void => {
      if (to.writable && !to.write(piece)) from.pause();
    };
    from.on('data', (piece: Buffer) => {
      if (!pass()) return;
      if (faults.delayMs > 0) setTimeout(send, faults.delayMs, piece);
      else send(piece);
    });
    to.on('drain', () => {
      if (!faults.silent) from.resume();
    });
    // Delayed pieces go before the end.
    from.on('end', () => setTimeout(() => to.end(), faults.delayMs));
    from.on('error', () => this.reset());
    from.on('close', () => to.destroySoon());
  }
}
