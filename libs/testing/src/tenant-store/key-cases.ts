import { Conflict } from '@productgraph/domain-tenant';
import { expect, it } from 'vitest';
import { actions, ACTOR, newKey, type TenantWorld } from './fixture.ts';

export function keyCases(world: () => TenantWorld): void {
  it('makes a key and finds it by its hash, with the project it opens', async () => {
    const { store, keys, project, organisation } = world();
    const wanted = newKey(world(), { allowedOrigins: ['https://a.example', 'https://b.example'] });
    const key = await store.createKey(wanted, ACTOR);
    const { hash, ...rest } = wanted;
    expect(key).toMatchObject({ ...rest, disabledAt: null, revokedAt: null });
    expect(key).not.toHaveProperty('hash');
    expect(await keys.findByHash(hash)).toEqual({ key, project });
    expect(await store.keys(organisation.id, project.id)).toEqual([key]);
    expect(await keys.findByHash('0'.repeat(64))).toBeNull();
    const [entry] = await store.audit(organisation.id, 1);
    expect(entry).toMatchObject({ action: 'key.create', target: key.id, details: { name: 'web', kind: 'pgw' } });
    expect(JSON.stringify(entry)).not.toContain(hash);
  });

  it('makes tokens of a whole organisation', async () => {
    const { store, keys, project, organisation, foreign } = world();
    const token = newKey(world(), { kind: 'pgt', role: 'admin', projectId: null });
    const key = await store.createKey(token, ACTOR);
    await store.createKey(newKey(world()), ACTOR);
    expect(await keys.findByHash(token.hash)).toEqual({ key, project: null });
    expect(await store.keys(organisation.id, null)).toHaveLength(2);
    expect(await store.keys(organisation.id, project.id)).toHaveLength(1);
    expect(await store.keys(foreign.organisation.id, null)).toEqual([]);
    expect(await store.keys(organisation.id, 'no uuid')).toEqual([]);
  });

  disablingCases(world);
}

function disablingCases(world: () => TenantWorld): void {
  it('disables and enables a key', async () => {
    const { store, keys, organisation } = world();
    const wanted = newKey(world());
    const { id: keyId, orgId } = await store.createKey(wanted, ACTOR);
    const disabled = await store.setKeyDisabled({ orgId, keyId, disabled: true }, ACTOR);
    expect(disabled?.disabledAt).toEqual(expect.any(Number));
    expect(await store.setKeyDisabled({ orgId, keyId, disabled: true }, ACTOR)).toEqual(disabled);
    expect((await keys.findByHash(wanted.hash))?.key).toEqual(disabled);
    expect(await store.setKeyDisabled({ orgId, keyId, disabled: false }, ACTOR)).toMatchObject({ disabledAt: null });
    expect((await actions(world())).slice(0, 3)).toEqual(['key.enable', 'key.disable', 'key.create']);
    expect(await store.setKeyDisabled({ orgId: organisation.id, keyId: 'x', disabled: true }, ACTOR)).toBeNull();
  });

  it('revokes a key for good', async () => {
    const { store, keys, organisation } = world();
    const wanted = newKey(world());
    const { id: keyId, orgId } = await store.createKey(wanted, ACTOR);
    const revoked = await store.revokeKey(orgId, keyId, ACTOR);
    expect(revoked?.revokedAt).toEqual(expect.any(Number));
    expect(await keys.findByHash(wanted.hash)).toBeNull();
    expect(await store.revokeKey(orgId, keyId, ACTOR)).toEqual(revoked);
    await expect(store.setKeyDisabled({ orgId, keyId, disabled: false }, ACTOR)).rejects.toThrow(Conflict);
    expect(await store.keys(organisation.id, null)).toEqual([revoked]);
    expect((await actions(world())).slice(0, 2)).toEqual(['key.revoke', 'key.create']);
  });

  refusedKeyCases(world);
}

function refusedKeyCases(world: () => TenantWorld): void {
  it("refuses a key for another organisation's project, and a hash that is there", async () => {
    const { store, foreign } = world();
    const wanted = newKey(world());
    await store.createKey(wanted, ACTOR);
    await expect(store.createKey(newKey(world(), { hash: wanted.hash }), ACTOR)).rejects.toThrow(Conflict);
    await expect(store.createKey(newKey(world(), { projectId: foreign.project.id }), ACTOR)).rejects.toThrow(Conflict);
  });

  it("neither disables nor revokes another organisation's key", async () => {
    const { store, keys, foreign } = world();
    const wanted = newKey(world());
    const { id: keyId } = await store.createKey(wanted, ACTOR);
    const orgId = foreign.organisation.id;
    expect(await store.setKeyDisabled({ orgId, keyId, disabled: true }, ACTOR)).toBeNull();
    expect(await store.revokeKey(orgId, keyId, ACTOR)).toBeNull();
    expect((await keys.findByHash(wanted.hash))?.key).toMatchObject({ disabledAt: null, revokedAt: null });
  });
}
