import { afterEach, expect, it, vi } from 'vitest';
import type { Organisation, Project } from '@productgraph/domain-tenant';
import type { StarterConfig } from './config.ts';
import { firstRun, type FirstRun } from './first-run.ts';

afterEach(() => vi.restoreAllMocks());

/** A start that is stopped before the sample is loaded; answers what people saw. */
async function cutShort(organisations: readonly Organisation[]): Promise<{ said: string; projects: Project[] }> {
  const projects: Project[] = [];
  let said = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((said += String(text)), true));
  const tenants = {
    projects: async () => projects,
    createOrganisation: async () => undefined,
    createProject: async (project: Project) => void projects.push(project),
    createKey: async (key: object) => ({ ...key, id: 'k' }),
    keys: async () => [],
    revokeKey: async () => null,
  };
  const parts = {
    clock: { now: () => 1_000, sleep: () => Promise.resolve() },
    random: () => 0,
    ports: { value: { tenants, overview: { organisations: async () => organisations } } },
    http: { value: { url: 'http://127.0.0.1:9' } },
  } as unknown as FirstRun;
  const stopped = AbortSignal.abort(new Error('stopped'));
  await expect(firstRun(parts, { demo: { enabled: true } } as StarterConfig, stopped)).rejects.toThrow();
  return { said, projects };
}

it.each([
  ['in an empty database', []],
  ['after a start that was killed before it made the project', [{ id: '01900000-0000-7000-8000-000000000001' }]],
])('the first start %s shows the keys before it loads the sample', async (_what, organisations) => {
  const { said, projects } = await cutShort(organisations as Organisation[]);
  expect(projects).toHaveLength(1);
  expect(said).toMatch(/pgw_.*pgs_.*pgt_/su);
  expect(said).not.toContain('is ready');
});
