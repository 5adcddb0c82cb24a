import { hashKey, keyKindOf } from '@productgraph/contracts';
import { describe, expect, it } from 'vitest';
import type { NewKey } from './ports.ts';
import { provisionOrganisation, provisionProject, type ProvisionDeps } from './provision.ts';
import { PROJECT_DEFAULTS } from './settings.ts';
import type { Organisation, Project } from './tenant.ts';

/** Remembers what it was given. */
function memory() {
  const organisations: Organisation[] = [];
  const projects: Project[] = [];
  const keys: NewKey[] = [];
  const deps: ProvisionDeps = {
    clock: { now: () => 1_700_000_000_000 },
    actor: 'system',
    store: {
      createOrganisation: async (organisation) => void organisations.push(organisation),
      createProject: async (project) => void projects.push(project),
      createKey: async (key) => {
        keys.push(key);
        const { hash, ...rest } = key;
        return { ...rest, id: hash.slice(0, 8), createdAt: 0, disabledAt: null, revokedAt: null };
      },
    },
  };
  return { deps, organisations, projects, keys };
}

describe('provisioning', () => {
  it('makes an organisation', async () => {
    const { deps, organisations } = memory();
    const made = await provisionOrganisation(deps, 'Acme');
    expect(made).toMatchObject({ name: 'Acme', createdAt: 1_700_000_000_000 });
    expect(organisations).toEqual([made]);
  });

  it('makes a project with a key of each kind, of which only hashes are stored', async () => {
    const { deps, projects, keys } = memory();
    const made = await provisionProject(deps, 'org', { ...PROJECT_DEFAULTS, name: 'Shop' });
    expect(projects).toEqual([made.project]);
    const issued = [made.write, made.secret, made.token];
    expect(issued.map(({ secret }) => keyKindOf(secret))).toEqual(['pgw', 'pgs', 'pgt']);
    expect(keys.map(({ hash }) => hash)).toEqual(issued.map(({ secret }) => hashKey(secret)));
    expect(keys.map(({ projectId, role }) => [projectId, role])).toEqual([
      [made.project.id, null],
      [made.project.id, null],
      [null, 'owner'],
    ]);
    expect(JSON.stringify(keys)).not.toContain(made.write.secret);
  });
});
