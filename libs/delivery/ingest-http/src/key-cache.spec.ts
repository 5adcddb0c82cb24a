import { generateKey, hashKey } from '@productgraph/contracts';
import { createMemoryTenantStore } from '@productgraph/adapter-memory';
import {
  PROJECT_DEFAULTS,
  provisionOrganisation,
  provisionProject,
  type ProvisionedProject,
} from '@productgraph/domain-tenant';
import { beforeEach, describe, expect, it } from 'vitest';
import { createKeyCache, type KeyCache, type KeyCacheOptions } from './key-cache.ts';
import { NOW, setClock, watchedKeys } from './spec-edge.ts';

const clock = setClock();
let keys: ReturnType<typeof watchedKeys>;
let made: ProvisionedProject;
let tenants: ReturnType<typeof createMemoryTenantStore>;
let told: { from: string; found: boolean }[];
let cache: KeyCache;

const make = (options: Partial<KeyCacheOptions> = {}): KeyCache =>
  createKeyCache({ keys, clock, onResolved: (fact) => told.push(fact), ...options });

beforeEach(async () => {
  clock.set(NOW);
  tenants = createMemoryTenantStore({ clock });
  const provision = { store: tenants, clock, actor: 'system' };
  const { id } = await provisionOrganisation(provision, 'Acme');
  made = await provisionProject(provision, id, { ...PROJECT_DEFAULTS, name: 'Shop' });
  keys = watchedKeys(tenants.keyDirectory);
  told = [];
  cache = make();
});

const secret = (): string => made.write.secret;
const revoke = (): Promise<unknown> => tenants.revokeKey(made.project.orgId, made.write.key.id, 'system');

describe('a key that exists', () => {
  it('is asked for once in 15 s', async () => {
    expect((await cache.resolve(secret()))?.project?.id).toBe(made.project.id);
    clock.set(NOW + 14_999);
    // From memory, at once: no promise.
    expect(cache.resolve(secret())).toMatchObject({ project: { id: made.project.id } });
    expect(keys.asked).toBe(1);
    clock.set(NOW + 15_000);
    await cache.resolve(secret());
    expect(keys.asked).toBe(2);
    expect(told).toEqual([
      { from: 'store', found: true },
      { from: 'cache', found: true },
      { from: 'store', found: true },
    ]);
  });

  it('and was revoked is refused after 15 s at the latest', async () => {
    await cache.resolve(secret());
    await revoke();
    expect(await cache.resolve(secret())).not.toBeNull();
    clock.set(NOW + 15_000);
    expect(await cache.resolve(secret())).toBeNull();
  });

  it('and was revoked is refused at once when that is told', async () => {
    await cache.resolve(secret());
    await revoke();
    cache.forget(made.write.key.id);
    expect(await cache.resolve(secret())).toBeNull();
  });

  it('is not kept when it changed while it was asked for', async () => {
    const before = await tenants.keyDirectory.findByHash(hashKey(secret()));
    const { promise, resolve } = Promise.withResolvers<typeof before>();
    const answers = [promise, tenants.keyDirectory.findByHash('none')];
    cache = make({ keys: { findByHash: () => answers.shift() ?? Promise.resolve(null) } });
    const asking = cache.resolve(secret());
    cache.forget(made.write.key.id);
    resolve(before);
    expect(await asking).not.toBeNull();
    expect(await cache.resolve(secret())).toBeNull();
  });
});

describe('while the store cannot be asked', () => {
  const away = { findByHash: () => Promise.reject(new Error('away')) };
  let isAway: boolean;
  beforeEach(() => {
    isAway = false;
    cache = make({ keys: { findByHash: (hash) => (isAway ? away : keys).findByHash(hash) } });
  });

  it('a key that was found is believed for ten minutes, and asked for again every second', async () => {
    await cache.resolve(secret());
    isAway = true;
    clock.set(NOW + 599_999);
    expect(await cache.resolve(secret())).toMatchObject({ project: { id: made.project.id } });
    isAway = false;
    await revoke();
    expect(await cache.resolve(secret())).not.toBeNull();
    clock.set(NOW + 601_000);
    expect(await cache.resolve(secret())).toBeNull();
  });

  it('a key that was found longer ago, or never, is not', async () => {
    await cache.resolve(secret());
    isAway = true;
    clock.set(NOW + 600_000);
    await expect(cache.resolve(secret())).rejects.toThrow('away');
    await expect(cache.resolve(generateKey('pgw'))).rejects.toThrow('away');
  });

  it('a key that was told to be changed is not', async () => {
    await cache.resolve(secret());
    isAway = true;
    cache.forget(made.write.key.id);
    await expect(cache.resolve(secret())).rejects.toThrow('away');
  });
});

describe('a key that does not exist', () => {
  it('is asked for once in 5 s', async () => {
    const unknown = generateKey('pgw');
    expect(await cache.resolve(unknown)).toBeNull();
    clock.set(NOW + 4_999);
    expect(await cache.resolve(unknown)).toBeNull();
    expect(keys.asked).toBe(1);
    clock.set(NOW + 5_000);
    expect(await cache.resolve(unknown)).toBeNull();
    expect(keys.asked).toBe(2);
  });

  it.each(['', 'pgw_', 'x'.repeat(42), 'Bearer', '__proto__'])('for %j nobody is asked', async (text) => {
    expect(cache.resolve(text)).toBeNull();
    expect(keys.asked).toBe(0);
  });

  it('for a mistyped one nobody is asked', () => {
    const text = secret();
    expect(cache.resolve(text.slice(0, -1) + (text.endsWith('0') ? '1' : '0'))).toBeNull();
    expect(keys.asked).toBe(0);
  });
});

describe('look-ups at the same time', () => {
  it('share one question', async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    keys.gate = promise;
    const all = Array.from({ length: 100 }, async () => cache.resolve(secret()));
    resolve(undefined);
    const found = await Promise.all(all);
    expect(keys.asked).toBe(1);
    expect(found.every((key) => key?.project?.id === made.project.id)).toBe(true);
  });

  it('share its failure, and the next one asks again', async () => {
    keys.fault = new Error('away');
    const results = await Promise.allSettled([1, 2].map(async () => cache.resolve(secret())));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(keys.asked).toBe(1);
    keys.fault = null;
    expect(await cache.resolve(secret())).not.toBeNull();
    expect(keys.asked).toBe(2);
  });
});

it('memory is bounded: the oldest leave', async () => {
  cache = make({ entries: 10 });
  const unknown = Array.from({ length: 11 }, () => generateKey('pgw'));
  for (const key of unknown) await cache.resolve(key);
  await cache.resolve(unknown[10] ?? '');
  expect(keys.asked).toBe(11);
  await cache.resolve(unknown[0] ?? '');
  expect(keys.asked).toBe(12);
});
