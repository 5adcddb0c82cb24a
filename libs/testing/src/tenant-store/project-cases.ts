import { uuidv7 } from '@productgraph/contracts';
import { Conflict } from '@productgraph/domain-tenant';
import { expect, it } from 'vitest';
import { BUILT_AT, organisationOf, projectOf } from '../builders/rows.ts';
import { actions, ACTOR, type TenantWorld } from './fixture.ts';

const UNKNOWN = '01900000-0000-7000-8000-00000000dead';

export function projectCases(world: () => TenantWorld): void {
  it('gives organisations back, and lists all of them to the operator only', async () => {
    const { store, overview, organisation, foreign } = world();
    expect(await store.organisation(organisation.id)).toEqual(organisation);
    expect(await store.organisation(UNKNOWN)).toBeNull();
    expect(await store.organisation('no uuid')).toBeNull();
    const first = organisationOf({ name: 'First', createdAt: BUILT_AT - 1 });
    await store.createOrganisation(first, ACTOR);
    const all = await overview.organisations();
    expect(all[0]).toEqual(first);
    expect(all).toHaveLength(3);
    expect(all).toEqual(expect.arrayContaining([organisation, foreign.organisation]));
    await expect(store.createOrganisation(first, ACTOR)).rejects.toThrow(Conflict);
  });

  it('gives a project back with every setting', async () => {
    const { store, organisation } = world();
    const project = projectOf({
      orgId: organisation.id,
      name: 'Ümläut ☃',
      timeZone: 'Europe/Berlin',
      retentionDays: 90,
      sessionIdleMinutes: 1,
      sessionMaxHours: 72,
      limits: { events: 10, eventBytes: 1_000 },
      quota: { eventsPerSecond: 5, eventsPerMonth: 9_000_000_000_000 },
    });
    await store.createProject(project, ACTOR);
    expect(await store.project(organisation.id, project.id)).toEqual(project);
    expect((await store.projects(organisation.id)).map(({ name }) => name)).toEqual(['Shop', 'Ümläut ☃']);
  });

  changeCases(world);
}

function changeCases(world: () => TenantWorld): void {
  it('changes settings, but never organisation or time of making, and tells what changed', async () => {
    const { store, project, organisation } = world();
    const changed = { ...project, name: 'Store', retentionDays: 30, limits: { events: 5 } };
    expect(await store.changeProject({ ...changed, createdAt: 1 }, 'key-1')).toEqual(changed);
    expect(await store.project(organisation.id, project.id)).toEqual(changed);
    const [entry] = await store.audit(organisation.id, 1);
    expect(entry).toMatchObject({
      orgId: organisation.id,
      actor: 'key-1',
      action: 'project.change',
      target: project.id,
    });
    expect(entry?.details).toEqual({ name: 'Store', retentionDays: 30, 'limits.events': 5 });
    await store.changeProject(changed, 'key-1');
    expect(await actions(world())).toEqual(['project.change', 'project.create', 'organisation.create']);
  });

  it('refuses a name that is taken in the organisation', async () => {
    const { store, project, organisation } = world();
    await expect(store.createProject(projectOf({ orgId: organisation.id }), ACTOR)).rejects.toThrow(Conflict);
    await store.createProject(projectOf({ orgId: organisation.id, name: 'Blog' }), ACTOR);
    await expect(store.changeProject({ ...project, name: 'Blog' }, ACTOR)).rejects.toThrow(Conflict);
    expect(await store.project(organisation.id, project.id)).toEqual(project);
    expect(await actions(world())).toEqual(['project.create', 'project.create', 'organisation.create']);
  });

  foreignProjectCases(world);
}

function foreignProjectCases(world: () => TenantWorld): void {
  it('refuses an id that is taken, whoever has it', async () => {
    const { store, organisation, foreign } = world();
    const taken = projectOf({ orgId: organisation.id, id: foreign.project.id, name: 'Mine' });
    await expect(store.createProject(taken, ACTOR)).rejects.toThrow(Conflict);
    expect(await store.project(foreign.organisation.id, foreign.project.id)).toEqual(foreign.project);
  });

  it("neither shows nor changes another organisation's project", async () => {
    const { store, organisation, foreign } = world();
    expect(await store.project(organisation.id, foreign.project.id)).toBeNull();
    expect(await store.project(organisation.id, 'no uuid')).toBeNull();
    expect(await store.projects(UNKNOWN)).toEqual([]);
    const stolen = { ...foreign.project, orgId: organisation.id, name: 'Stolen' };
    expect(await store.changeProject(stolen, ACTOR)).toBeNull();
    expect(await store.project(foreign.organisation.id, foreign.project.id)).toEqual(foreign.project);
    const ids = (await store.audit(organisation.id, 100)).map(({ target }) => target);
    expect(ids).not.toContain(foreign.project.id);
  });

  it('finds a project by its id alone, for processors', async () => {
    const { projects, project, foreign } = world();
    expect(await projects.find(project.id)).toEqual(project);
    expect(await projects.find(foreign.project.id)).toEqual(foreign.project);
    expect(await projects.find(uuidv7(0))).toBeNull();
    expect(await projects.find('no uuid')).toBeNull();
  });

  it('lists the audit log newest first, as many lines as asked for', async () => {
    const { store, organisation } = world();
    for (let n = 0; n < 5; n++) await store.createProject(projectOf({ orgId: organisation.id, name: `P${n}` }), ACTOR);
    const entries = await store.audit(organisation.id, 3);
    expect(entries.map(({ details }) => details.name)).toEqual(['P4', 'P3', 'P2']);
    expect(await store.audit('no uuid', 3)).toEqual([]);
  });
}
