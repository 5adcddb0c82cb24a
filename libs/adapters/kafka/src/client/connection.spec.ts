import { describe, expect, it } from 'vitest';
import { compileConnection, InvalidKafkaOptions, type KafkaConnection } from './connection.ts';

const brokers = ['kafka-1:9092', '10.0.0.2:9092', '[::1]:9092'];
const sasl = { mechanism: 'scram-sha-512', username: 'ingestion', password: 'a secret' } as const;

describe('compileConnection', () => {
  it('fills in the defaults', () => {
    expect(compileConnection({ brokers })).toMatchObject({
      brokers,
      clientId: 'productgraph',
      connectionTimeout: 3000,
      requestTimeout: 10_000,
    });
    expect(compileConnection({ brokers })).not.toHaveProperty('ssl');
    expect(compileConnection({ brokers })).not.toHaveProperty('sasl');
  });

  it('leaves nothing of the waits to defaults that depend on NODE_ENV', () => {
    const names = ['factor', 'initialRetryTime', 'maxRetryTime', 'multiplier', 'retries'];
    expect(Object.keys(compileConnection({ brokers }).retry ?? {}).sort()).toEqual(names);
  });

  it.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)('passes a login by %s', (mechanism) => {
    expect(compileConnection({ brokers, sasl: { ...sasl, mechanism } }).sasl).toEqual({ ...sasl, mechanism });
  });

  it.each([
    [true, true],
    [false, undefined],
    [{ ca: '-----BEGIN CERTIFICATE-----' }, { ca: ['-----BEGIN CERTIFICATE-----'] }],
    [
      { cert: '-----BEGIN a', key: '-----BEGIN b', serverName: 'kafka' },
      { cert: '-----BEGIN a', key: '-----BEGIN b', servername: 'kafka' },
    ],
  ])('takes TLS as %j', (tls, ssl) => {
    expect(compileConnection({ brokers, tls }).ssl).toEqual(ssl);
  });

  it.each<[Partial<KafkaConnection>, string[]]>([
    [{ brokers: [] }, ['brokers must name at least one host:port']],
    [
      { brokers: ['kafka', 'kafka:0', 'kafka:70000', 'http://kafka:9092'] },
      ['kafka', 'kafka:0', 'kafka:70000', 'http://kafka:9092'].map((one) => `brokers: "${one}" is not host:port`),
    ],
    [
      { sasl: { mechanism: 'gssapi' as 'plain', username: '', password: '' }, requestTimeoutMs: 1 },
      [
        'sasl.mechanism must be one of plain, scram-sha-256, scram-sha-512',
        'sasl.username must not be empty',
        'sasl.password must not be empty',
        'requestTimeoutMs must be a whole number from 1000 to 120000',
      ],
    ],
    [
      { tls: { ca: '/etc/ca.pem', cert: '-----BEGIN' } },
      ['tls.cert and tls.key go together', 'tls.ca is not PEM (it has no "-----BEGIN")'].concat(
        'tls.cert is not PEM (it has no "-----BEGIN")',
      ),
    ],
  ])('names every fault of %j, and no secret', (changes, faults) => {
    const compile = (): unknown => compileConnection({ brokers, ...changes });
    expect(compile).toThrow(InvalidKafkaOptions);
    expect(compile).toThrow(expect.objectContaining({ faults }));
  });

  it('tells no password', () => {
    const wrong = { brokers: ['nowhere'], sasl };
    expect(() => compileConnection(wrong)).not.toThrow(/a secret/u);
  });
});
