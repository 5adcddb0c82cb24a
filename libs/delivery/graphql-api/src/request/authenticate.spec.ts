import { generateKey, hashKey } from '@productgraph/contracts';
import type { ApiKey, KeyDirectory, ResolvedKey } from '@productgraph/domain-tenant';
import { beforeEach, describe, expect, it } from 'vitest';
import { manualClock } from '../testing/manual-clock.ts';
import { createAuthenticator, type RequestHeaders } from './authenticate.ts';

const KEEP_MS = 10_000;
const token = generateKey('pgt');
const KEY: ApiKey = {
  id: 'k1',
  orgId: 'o1',
  projectId: null,
  kind: 'pgt',
  name: 'ci',
  prefix: 'pgt_abcdef',
  role: 'analyst',
  allowedOrigins: [],
  createdAt: 0,
  disabledAt: null,
  revokedAt: null,
};

let key: ApiKey | null = KEY;
let broken = false;
let lookUps = 0;
const keys: KeyDirectory = {
  async findByHash(hash): Promise<ResolvedKey | null> {
    lookUps++;
    if (broken) throw new Error('down');
    return key !== null && hash === hashKey(token) ? { key, project: null } : null;
  },
};

function start() {
  const clock = manualClock(0);
  return { clock, ...createAuthenticator(keys, clock, KEEP_MS) };
}

const bearer = (text: string): RequestHeaders => ({ authorization: `Bearer ${text}` });

beforeEach(() => {
  key = KEY;
  broken = false;
  lookUps = 0;
});

describe('who asks', () => {
  const principal = { keyId: 'k1', orgId: 'o1', projectId: null, role: 'analyst' };
  const code = (expected: string) => ({ code: expected });

  it.each<[string, RequestHeaders, Partial<ApiKey> | null, unknown]>([
    ['a bearer token', bearer(token), {}, principal],
    ['bearer in another spelling', { authorization: `bearer  ${token} ` }, {}, principal],
    ['the key header', { 'x-pg-api-key': token }, {}, principal],
    [
      'the key header before another authorization',
      { 'x-pg-api-key': token, authorization: 'Bearer x' },
      {},
      principal,
    ],
    ['a token of one project', bearer(token), { projectId: 'p1' }, { ...principal, projectId: 'p1' }],
    ['nobody', {}, {}, null],
    ['an empty key header', { 'x-pg-api-key': '' }, {}, null],
    ['another scheme', { authorization: 'Basic dXNlcjpwYXNz' }, {}, null],
    ['a mistyped token', bearer(`${token.slice(0, -1)}_`), {}, code('invalid_key')],
    ['something else', bearer('hello'), {}, code('invalid_key')],
    ['an unknown token', bearer(generateKey('pgt')), {}, code('invalid_key')],
    ['a write key', bearer(generateKey('pgw')), {}, code('forbidden')],
    ['a secret key', bearer(generateKey('pgs')), {}, code('forbidden')],
    ['a disabled token', bearer(token), { disabledAt: 5 }, code('key_disabled')],
    ['a revoked token that the directory still knows', bearer(token), { revokedAt: 5 }, code('invalid_key')],
    ['a token without a role', bearer(token), { role: null }, code('forbidden')],
    ['a token whose directory entry is no token', bearer(token), { kind: 'pgw' }, code('forbidden')],
  ])('%s', async (...[_what, headers, change, expected]) => {
    key = change && { ...KEY, ...change };
    const auth = start();
    const found = auth.principalOf(headers).catch((error: unknown) => ({ code: (error as { code: string }).code }));
    expect(await found).toEqual(expected);
  });
});

describe('cached verdicts', () => {
  it('are shared by requests at the same time and kept for a while', async () => {
    const auth = start();
    await Promise.all([auth.principalOf(bearer(token)), auth.principalOf(bearer(token))]);
    auth.clock.advance(KEEP_MS - 1);
    await auth.principalOf(bearer(token));
    expect(lookUps).toBe(1);
    auth.clock.advance(1);
    await auth.principalOf(bearer(token));
    expect(lookUps).toBe(2);
  });

  it('include "no such token"', async () => {
    key = null;
    const auth = start();
    await expect(auth.principalOf(bearer(token))).rejects.toThrow();
    await expect(auth.principalOf(bearer(token))).rejects.toThrow();
    expect(lookUps).toBe(1);
  });

  it('do not include failed look-ups', async () => {
    const auth = start();
    broken = true;
    await expect(auth.principalOf(bearer(token))).rejects.toThrow('down');
    broken = false;
    await expect(auth.principalOf(bearer(token))).resolves.toMatchObject({ keyId: 'k1' });
  });

  it('are forgotten when the key changes', async () => {
    const auth = start();
    await auth.principalOf(bearer(token));
    key = { ...KEY, revokedAt: 1 };
    auth.forget('another');
    await expect(auth.principalOf(bearer(token))).resolves.toMatchObject({ keyId: 'k1' });
    auth.forget('k1');
    await expect(auth.principalOf(bearer(token))).rejects.toMatchObject({ code: 'invalid_key' });
  });

  it('are bounded', async () => {
    const auth = start();
    await auth.principalOf(bearer(token));
    for (let i = 0; i < 10_000; i++) await auth.principalOf(bearer(generateKey('pgt'))).catch(() => null);
    const before = lookUps;
    await auth.principalOf(bearer(token));
    expect(lookUps).toBe(before + 1);
  });
});
