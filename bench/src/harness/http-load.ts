import { connect, type Socket } from 'node:net';

/** One HTTP/1.1 request as bytes, with the number of events it carries. */
export interface PreparedRequest {
  readonly bytes: Buffer;
  readonly events: number;
}

export function prepareRequest(options: {
  path: string;
  headers: Readonly<Record<string, string>>;
  body: Buffer;
  events: number;
}): PreparedRequest {
  const lines = [`POST ${options.path} HTTP/1.1`, 'Host: localhost', `Content-Length: ${String(options.body.length)}`];
  for (const [name, value] of Object.entries(options.headers)) lines.push(`${name}: ${value}`);
  return { bytes: Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), options.body]), events: options.events };
}

export interface LoadResult {
  readonly requests: number;
  readonly events: number;
  readonly seconds: number;
  /** Answers by status code. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Milliseconds from the intended start to the whole answer; only of open-loop runs. */
  readonly latencies: readonly number[];
}

/** A keep-alive connection that carries one request at a time. */
class Connection {
  readonly #socket: Socket;
  #pending: { resolve: (status: number) => void; reject: (error: Error) => void } | null = null;
  #received = '';

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      this.#onData(chunk);
    });
    socket.on('error', (error) => this.#pending?.reject(error));
    socket.on('close', () => this.#pending?.reject(new Error('connection closed')));
  }

  static open(port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1' });
      socket.once('error', reject);
      socket.once('connect', () => {
        resolve(new Connection(socket));
      });
    });
  }

  send(bytes: Buffer): Promise<number> {
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) throw new Error('The server has closed an idle connection');
      this.#pending = { resolve, reject };
      this.#socket.write(bytes);
    });
  }

  close(): void {
    this.#pending = null;
    this.#socket.destroy();
  }

  #onData(chunk: string): void {
    this.#received += chunk;
    const headEnd = this.#received.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const length = /content-length: (\d+)/i.exec(this.#received)?.[1];
    if (length === undefined) throw new Error(`An answer without Content-Length: ${this.#received.slice(0, 200)}`);
    if (this.#received.length < headEnd + 4 + Number(length)) return;
    const status = Number(this.#received.slice(9, 12));
    this.#received = '';
    const pending = this.#pending;
    this.#pending = null;
    pending?.resolve(status);
  }
}

class Tally {
  requests = 0;
  events = 0;
  readonly statuses: Record<string, number> = {};
  readonly latencies: number[] = [];

  add(request: PreparedRequest, status: number): void {
    this.requests++;
    if (status >= 200 && status < 300) this.events += request.events;
    this.statuses[String(status)] = (this.statuses[String(status)] ?? 0) + 1;
  }

  result(seconds: number): LoadResult {
    const { requests, events, statuses, latencies } = this;
    return { requests, events, seconds, statuses, latencies };
  }
}

/** As fast as `connections` allow, for `seconds` or until every request has been sent once (`seconds` null). */
export async function closedLoop(options: {
  port: number;
  requests: readonly PreparedRequest[];
  connections: number;
  seconds: number | null;
}): Promise<LoadResult> {
  const { requests, seconds } = options;
  const connections = await Promise.all(
    Array.from({ length: options.connections }, () => Connection.open(options.port)),
  );
  const tally = new Tally();
  const began = performance.now();
  const until = seconds === null ? Number.POSITIVE_INFINITY : began + seconds * 1000;
  const bound = seconds === null ? requests.length : Number.POSITIVE_INFINITY;
  let sent = 0;
  async function drive(connection: Connection): Promise<void> {
    while (sent < bound && performance.now() < until) {
      const request = requests[sent++ % requests.length];
      if (request === undefined) return;
      tally.add(request, await connection.send(request.bytes));
    }
  }
  await Promise.all(connections.map(drive));
  const took = (performance.now() - began) / 1000;
  for (const connection of connections) connection.close();
  return tally.result(took);
}

/** A fixed schedule of arrivals; latency counts from the intended start, so waiting for a free connection is part of it. */
export async function openLoop(options: {
  port: number;
  requests: readonly PreparedRequest[];
  connections: number;
  requestsPerSecond: number;
  seconds: number;
}): Promise<LoadResult> {
  const idle = await Promise.all(Array.from({ length: options.connections }, () => Connection.open(options.port)));
  const all = [...idle];
  const tally = new Tally();
  const waiting: number[] = [];
  let dispatched = 0;
  const inFlight = new Set<Promise<void>>();
  const began = performance.now();
  const total = Math.floor(options.requestsPerSecond * options.seconds);

  function dispatch(): void {
    while (idle.length > 0 && waiting.length > 0) {
      const intended = waiting.shift() ?? 0;
      // In turn, so that none rests until the server closes it.
      const connection = idle.shift();
      const request = options.requests[dispatched++ % options.requests.length];
      if (connection === undefined || request === undefined) return;
      const work = connection.send(request.bytes).then((status) => {
        tally.add(request, status);
        tally.latencies.push(performance.now() - intended);
        idle.push(connection);
        inFlight.delete(work);
        dispatch();
      });
      inFlight.add(work);
    }
  }

  for (let n = 0; n < total;) {
    const due = Math.min(total, Math.floor(((performance.now() - began) / 1000) * options.requestsPerSecond) + 1);
    for (; n < due; n++) waiting.push(began + (n * 1000) / options.requestsPerSecond);
    dispatch();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  while (inFlight.size > 0) await Promise.all(inFlight);
  for (const connection of all) connection.close();
  return tally.result((performance.now() - began) / 1000);
}
