/** Where Redis is and how it is used; wiring passes it. */
export interface RedisOptions {
  /**
   * URLs `redis://user:password@host:6379` (`rediss://` with TLS): of the one node, or of some nodes of the cluster, which
   * tell of the others. User, password and TLS of the first hold for all.
   */
  readonly urls: readonly string[];
  /** Redis Cluster instead of a single node. */
  readonly cluster: boolean;
  /** Begins every key and channel, so that deployments can share a Redis: 1 to 40 of a-z, A-Z, 0-9, `.`, `_`, `-`. Default `pg`. */
  readonly prefix?: string;
  /** Bound on one call with everything it waits for, reconnects and redirections included; milliseconds, 100 to 600,000. Default 10,000. */
  readonly timeoutMs?: number;
  /** Told of each fault of a connection, before anything has failed for good. May not throw. */
  readonly onFault?: (error: Error) => void;
}

/** One node to connect to. */
export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

/** Options with every default filled in and every range checked. */
export interface CompiledRedisOptions {
  readonly nodes: readonly [RedisNode, ...RedisNode[]];
  readonly username?: string;
  readonly password?: string;
  readonly db: number;
  readonly tls: boolean;
  readonly cluster: boolean;
  readonly prefix: string;
  readonly timeoutMs: number;
  readonly onFault: (error: Error) => void;
}

/** Some options are out of range; `faults` names all of them, without passwords. */
export class InvalidRedisOptions extends Error {
  override readonly name = 'InvalidRedisOptions';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('; '));
    this.faults = faults;
  }
}

/** @throws InvalidRedisOptions with all faults at once */
export function compileRedisOptions(options: RedisOptions): CompiledRedisOptions {
  const { cluster, prefix = 'pg', timeoutMs = 10_000, onFault = () => undefined } = options;
  const [first, ...others] = options.urls.flatMap((text) => URL.parse(text) ?? []);
  const faults = [...urlFaults(options), ...valueFaults(prefix, timeoutMs)];
  if (first === undefined || faults.length > 0) throw new InvalidRedisOptions(faults);
  return {
    nodes: [nodeOf(first), ...others.map(nodeOf)],
    ...(first.username !== '' && { username: decodeURIComponent(first.username) }),
    ...(first.password !== '' && { password: decodeURIComponent(first.password) }),
    db: databaseOf(first),
    tls: first.protocol === 'rediss:',
    cluster,
    prefix,
    timeoutMs,
    onFault,
  };
}

const nodeOf = ({ hostname, port }: URL): RedisNode => ({
  host: hostname.replace(/^\[|\]$/gu, ''),
  port: port === '' ? 6379 : Number(port),
});

const databaseOf = ({ pathname }: URL): number => Number(pathname.slice(1));

function urlFaults({ urls, cluster }: RedisOptions): string[] {
  if (urls.length === 0) return ['urls must name a node'];
  if (urls.length > 1 && !cluster) return ['urls must name one node, unless it is a cluster'];
  return urls.flatMap((text, at) => {
    const url = URL.parse(text);
    const fault = url === null ? 'must be of the form redis://user:password@host:6379' : urlFault(url, cluster);
    return fault === null ? [] : [`urls[${at}] ${fault}`];
  });
}

function urlFault(url: URL, cluster: boolean): string | null {
  if (!/^rediss?:$/u.test(url.protocol) || url.hostname === '') {
    return 'must be of the form redis://user:password@host:6379';
  }
  if (!/^(\/\d*)?$/u.test(url.pathname)) return 'has a path that is not the number of a database';
  return cluster && databaseOf(url) !== 0 ? 'names a database: a cluster has only database 0' : null;
}

function valueFaults(prefix: string, timeoutMs: number): string[] {
  const within = Number.isInteger(timeoutMs) && timeoutMs >= 100 && timeoutMs <= 600_000;
  return [
    ...(/^[\w.-]{1,40}$/u.test(prefix) ? [] : ['prefix must be 1 to 40 of a-z, A-Z, 0-9, ".", "_", "-"']),
    ...(within ? [] : ['timeoutMs must be a whole number from 100 to 600000']),
  ];
}
