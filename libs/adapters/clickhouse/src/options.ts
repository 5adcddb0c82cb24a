/** Where ClickHouse is and how it is used; wiring passes it. */
export interface ClickHouseOptions {
  /**
   * One address per shard, `http://host:8123` (`https://` with TLS), in the order of the shards in the cluster; replicas of a
   * shard are separated by `|`. User and password may stand in the address.
   */
  readonly urls: readonly string[];
  /** Cluster whose shards these are, as in `system.clusters`; absent = one server by itself. */
  readonly cluster?: string;
  /** Database of the tables: a letter or `_`, then letters, digits, `_`; up to 60. Default `productgraph`. */
  readonly database?: string;
  /** For addresses that name no user. Default `default`. */
  readonly username?: string;
  /** For addresses that hold no password. Default none. */
  readonly password?: string;
  /** Certificate authorities, PEM, for addresses with TLS. Default: Node's own. */
  readonly ca?: string;
  /** Bound on one call, milliseconds, 100 to 600,000. Default 30,000. */
  readonly timeoutMs?: number;
  /** Connections to each node at once, 1 to 1,000. Default 16. */
  readonly connections?: number;
  /** How rows are sent. Default `zstd`. */
  readonly compression?: Compression;
}

export const COMPRESSIONS = ['none', 'gzip', 'zstd'] as const;
export type Compression = (typeof COMPRESSIONS)[number];

/** One server. */
export interface NodeAddress {
  /** Without user and password. */
  readonly url: string;
  /** `host:port`, for people. */
  readonly name: string;
  readonly username: string;
  readonly password: string;
}

/** Options with every default filled in and every range checked. */
export interface CompiledClickHouseOptions {
  /** Replicas of each shard, in the order given. */
  readonly shards: readonly (readonly NodeAddress[])[];
  readonly cluster: string | null;
  readonly database: string;
  readonly ca: string | null;
  readonly timeoutMs: number;
  readonly connections: number;
  readonly compression: Compression;
}

/** Some options are out of range; `faults` names all of them, without passwords. */
export class InvalidClickHouseOptions extends Error {
  override readonly name = 'InvalidClickHouseOptions';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('; '));
    this.faults = faults;
  }
}

const NAME = /^[A-Za-z_]\w{0,59}$/u;
const CLUSTER = /^[\w.-]{1,60}$/u;
const PEM = '-----BEGIN CERTIFICATE-----';

const unless = (holds: boolean, fault: string): string[] => (holds ? [] : [fault]);

/** @throws InvalidClickHouseOptions with all faults at once */
export function compileClickHouseOptions(options: ClickHouseOptions): CompiledClickHouseOptions {
  const { database = 'productgraph', timeoutMs = 30_000, connections = 16, compression = 'zstd' } = options;
  const faults = [
    ...urlFaults(options),
    ...unless(NAME.test(database), 'database must be a letter or "_", then letters, digits or "_", 60 at most'),
    ...unless(CLUSTER.test(options.cluster ?? 'none'), 'cluster must be 1 to 60 of letters, digits, ".", "_", "-"'),
    ...unless((options.ca ?? PEM).includes(PEM), 'ca must be certificates in PEM'),
    ...outOfRange('timeoutMs', timeoutMs, [100, 600_000]),
    ...outOfRange('connections', connections, [1, 1000]),
    ...unless(COMPRESSIONS.includes(compression), `compression must be one of ${COMPRESSIONS.join(', ')}`),
  ];
  if (faults.length > 0) throw new InvalidClickHouseOptions(faults);
  return {
    shards: options.urls.map((shard) => shard.split('|').map((text) => addressOf(new URL(text), options))),
    cluster: options.cluster ?? null,
    database,
    ca: options.ca ?? null,
    timeoutMs,
    connections,
    compression,
  };
}

function addressOf(url: URL, { username = 'default', password = '' }: ClickHouseOptions): NodeAddress {
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  return {
    url: url.origin,
    name: `${url.hostname}:${port}`,
    username: url.username === '' ? username : decodeURIComponent(url.username),
    password: url.password === '' ? password : decodeURIComponent(url.password),
  };
}

function urlFaults({ urls, cluster }: ClickHouseOptions): string[] {
  if (urls.length === 0) return ['urls must name a server'];
  const severalAlone = cluster === undefined && (urls.length > 1 || urls.some((url) => url.includes('|')));
  const seen = new Set<string>();
  return [
    ...(severalAlone ? ['urls must name one server, unless a cluster is named'] : []),
    ...urls.flatMap((shard, at) =>
      shard.split('|').flatMap((text) => {
        const fault = urlFault(text, seen);
        return fault === null ? [] : [`urls[${at}] ${fault}`];
      }),
    ),
  ];
}

function urlFault(text: string, seen: Set<string>): string | null {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/u.test(url.protocol)) return 'must be of the form http://host:8123';
  if (url.pathname !== '/' || url.search !== '') return 'must end with host and port';
  if (seen.has(url.host)) return 'names a server that was named before';
  seen.add(url.host);
  return null;
}

function outOfRange(name: string, value: number, [min, max]: readonly [number, number]): string[] {
  const within = Number.isInteger(value) && value >= min && value <= max;
  return unless(within, `${name} must be a whole number from ${min} to ${max}`);
}
