import { Conflict, type Member, type Role } from '@productgraph/domain-tenant';
import { expect, it } from 'vitest';
import { actions, ACTOR, type TenantWorld } from './fixture.ts';

function put({ store, organisation }: TenantWorld, email: string, role: Role): Promise<Member> {
  return store.putMember({ orgId: organisation.id, email, role }, ACTOR);
}

export function memberCases(world: () => TenantWorld): void {
  it('makes members and changes their role, whatever the case of the address', async () => {
    const { store, organisation } = world();
    await put(world(), 'owner@example.com', 'owner');
    const ann = await put(world(), ' Ann@Example.com ', 'viewer');
    expect(ann).toMatchObject({ orgId: organisation.id, email: 'Ann@Example.com', role: 'viewer' });
    const changed = await put(world(), 'ann@example.COM', 'admin');
    expect(changed).toEqual({ ...ann, role: 'admin' });
    await put(world(), 'ann@example.com', 'admin');
    expect(await store.members(organisation.id)).toMatchObject([
      { email: 'Ann@Example.com' },
      { email: 'owner@example.com' },
    ]);
    expect((await actions(world())).slice(0, 3)).toEqual(['member.change', 'member.create', 'member.create']);
  });

  it('removes members', async () => {
    const { store, organisation } = world();
    const ann = await put(world(), 'ann@example.com', 'admin');
    expect(await store.removeMember(organisation.id, ann.id, ACTOR)).toBe(true);
    expect(await store.removeMember(organisation.id, ann.id, ACTOR)).toBe(false);
    expect(await store.removeMember(organisation.id, 'no uuid', ACTOR)).toBe(false);
    expect(await store.members(organisation.id)).toEqual([]);
    expect((await actions(world()))[0]).toBe('member.remove');
  });

  it('keeps the last owner', async () => {
    const { store, organisation } = world();
    const first = await put(world(), 'first@example.com', 'owner');
    await expect(store.removeMember(organisation.id, first.id, ACTOR)).rejects.toThrow(Conflict);
    await expect(put(world(), 'first@example.com', 'admin')).rejects.toThrow(Conflict);
    const second = await put(world(), 'second@example.com', 'owner');
    const both = await Promise.allSettled(
      [first, second].map(({ id }) => store.removeMember(organisation.id, id, ACTOR)),
    );
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await store.members(organisation.id)).toHaveLength(1);
  });

  it("neither shows nor removes another organisation's members", async () => {
    const { store, foreign, organisation } = world();
    const ann = await put(world(), 'ann@example.com', 'admin');
    expect(await store.members(foreign.organisation.id)).toEqual([]);
    expect(await store.removeMember(foreign.organisation.id, ann.id, ACTOR)).toBe(false);
    const orgId = foreign.organisation.id;
    const same = await store.putMember({ orgId, email: 'ann@example.com', role: 'viewer' }, ACTOR);
    expect(same.id).not.toBe(ann.id);
    expect(await store.members(organisation.id)).toEqual([ann]);
  });
}
