import { isIP } from 'node:net';
import { Kafka, logLevel, type KafkaConfig, type SASLOptions } from 'kafkajs';
import { stopIdleTimers } from './idle-timer.ts';

/** Certificates, PEM. Node's own authorities where none is given. */
export interface KafkaTls {
  /** Authorities that sign the brokers' certificates. */
  readonly ca?: string;
  /** This client's certificate and key, where brokers ask for one. */
  readonly cert?: string;
  readonly key?: string;
  /** Name that the brokers' certificates must have, where it is not the one they are reached by. */
  readonly serverName?: string;
}

export interface KafkaSasl {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

/** How brokers are reached. */
export interface KafkaConnection {
  /** `host:port` of some brokers, from which the others are learnt. */
  readonly brokers: readonly string[];
  /** Name of this process in the brokers' logs and quotas. Default `productgraph`. */
  readonly clientId?: string;
  /** Zone of this process, as in the brokers' `broker.rack`: records are fetched from a replica there. Default: from leaders. */
  readonly rack?: string;
  /** Default: none. */
  readonly tls?: boolean | KafkaTls;
  /** Default: none. */
  readonly sasl?: KafkaSasl;
  /** Bound on connecting, milliseconds, 100 to 60,000. Default 3,000. */
  readonly connectTimeoutMs?: number;
  /** Bound on one request, milliseconds, 1,000 to 120,000. Default 10,000. */
  readonly requestTimeoutMs?: number;
}

/** Some options are out of range; `faults` names all of them, without secrets. */
export class InvalidKafkaOptions extends Error {
  override readonly name = 'InvalidKafkaOptions';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('; '));
    this.faults = faults;
  }
}

/** Waits of kafkajs inside one of its calls. Named whole, since its defaults depend on NODE_ENV. */
export const QUICK_RETRY = { initialRetryTime: 100, factor: 0.2, multiplier: 2, maxRetryTime: 1000, retries: 4 };

/** Configuration of kafkajs. @throws InvalidKafkaOptions with all faults at once */
export function compileConnection(connection: KafkaConnection): KafkaConfig {
  const { connectTimeoutMs = 3000, requestTimeoutMs = 10_000, clientId = 'productgraph' } = connection;
  const faults = [
    ...brokerFaults(connection.brokers),
    ...saslFaults(connection.sasl),
    ...tlsFaults(connection.tls),
    ...outOfRange('connectTimeoutMs', connectTimeoutMs, [100, 60_000]),
    ...outOfRange('requestTimeoutMs', requestTimeoutMs, [1000, 120_000]),
  ];
  if (faults.length > 0) throw new InvalidKafkaOptions(faults);
  return {
    clientId,
    brokers: [...connection.brokers],
    connectionTimeout: connectTimeoutMs,
    authenticationTimeout: requestTimeoutMs,
    requestTimeout: requestTimeoutMs,
    retry: QUICK_RETRY,
    logLevel: logLevel.NOTHING,
    ...(connection.tls && { ssl: tlsOf(connection.tls) }),
    ...(connection.sasl && { sasl: saslOf(connection.sasl) }),
  };
}

/** kafkajs with its faults repaired. @throws InvalidKafkaOptions */
export function createClient(connection: KafkaConnection): Kafka {
  const config = compileConnection(connection);
  stopIdleTimers();
  return new Kafka(config);
}

function tlsOf(tls: true | KafkaTls): NonNullable<KafkaConfig['ssl']> {
  if (tls === true) return true;
  const { ca, cert, key, serverName } = tls;
  return {
    ...(ca !== undefined && { ca: [ca] }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(serverName !== undefined && { servername: serverName }),
  };
}

function saslOf({ mechanism, username, password }: KafkaSasl): SASLOptions {
  return { mechanism, username, password };
}

function brokerFaults(brokers: readonly string[]): readonly string[] {
  if (brokers.length === 0) return ['brokers must name at least one host:port'];
  return brokers.filter((broker) => !isHostAndPort(broker)).map((broker) => `brokers: "${broker}" is not host:port`);
}

function isHostAndPort(broker: string): boolean {
  const [, host = '', port = ''] = /^(.+):(\d{1,5})$/u.exec(broker) ?? [];
  const bare = host.replace(/^\[(.*)\]$/u, '$1');
  const known = isIP(bare) > 0 || /^[\w.-]+$/u.test(host);
  return known && Number(port) > 0 && Number(port) < 65_536;
}

const MECHANISMS: readonly string[] = ['plain', 'scram-sha-256', 'scram-sha-512'] satisfies KafkaSasl['mechanism'][];

function saslFaults(sasl: KafkaSasl | undefined): readonly string[] {
  if (sasl === undefined) return [];
  return [
    ...(MECHANISMS.includes(sasl.mechanism) ? [] : [`sasl.mechanism must be one of ${MECHANISMS.join(', ')}`]),
    ...(sasl.username === '' ? ['sasl.username must not be empty'] : []),
    ...(sasl.password === '' ? ['sasl.password must not be empty'] : []),
  ];
}

function tlsFaults(tls: KafkaConnection['tls']): readonly string[] {
  if (typeof tls !== 'object') return [];
  const half = (tls.cert === undefined) !== (tls.key === undefined);
  const notPem = (['ca', 'cert', 'key'] as const).filter((name) => tls[name]?.includes('-----BEGIN ') === false);
  return [
    ...(half ? ['tls.cert and tls.key go together'] : []),
    ...notPem.map((name) => `tls.${name} is not PEM (it has no "-----BEGIN")`),
  ];
}

function outOfRange(name: string, value: number, [min, max]: readonly [number, number]): readonly string[] {
  const fits = Number.isInteger(value) && value >= min && value <= max;
  return fits ? [] : [`${name} must be a whole number from ${min} to ${max}`];
}
