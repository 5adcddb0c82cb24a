import type { Role } from '@productgraph/domain-tenant';
import type { Api } from './api.ts';

/** One field of Query or Mutation as specs call it. */
export interface Operation {
  readonly field: string;
  /** The least role that may do it; `organisation`: and not with a token of one project. */
  readonly needs: Role;
  readonly organisation?: true;
  /** @param id of the project, key or member that it is about */
  readonly query: (id: string) => string;
  /** What the id names; none where the field takes no id. */
  readonly about?: 'project' | 'key' | 'member';
}

const STEPS = 'steps: [{event: {}}, {event: {}}]';
const input = (id: string, more = ''): string => `input: {projectId: "${id}" ${more}}`;

/** Every field of the schema; `schema.spec.ts` fails when one is missing. */
export const OPERATIONS: readonly Operation[] = [
  { field: 'trend', needs: 'viewer', about: 'project', query: (id) => `{ trend(${input(id)}) { tookMs } }` },
  { field: 'funnel', needs: 'viewer', about: 'project', query: (id) => `{ funnel(${input(id, STEPS)}) { tookMs } }` },
  {
    field: 'funnelUsers',
    needs: 'viewer',
    about: 'project',
    query: (id) => `{ funnelUsers(funnel: {projectId: "${id}" ${STEPS}}, step: 1) { tookMs } }`,
  },
  { field: 'retention', needs: 'viewer', about: 'project', query: (id) => `{ retention(${input(id)}) { tookMs } }` },
  { field: 'events', needs: 'viewer', about: 'project', query: (id) => `{ events(${input(id)}) { tookMs } }` },
  { field: 'users', needs: 'viewer', about: 'project', query: (id) => `{ users(${input(id)}) { tookMs } }` },
  {
    field: 'user',
    needs: 'viewer',
    about: 'project',
    query: (id) => `{ user(${input(id, 'userKey: "u:1"')}) { timeline { tookMs } sessions { tookMs } } }`,
  },
  { field: 'sessions', needs: 'viewer', about: 'project', query: (id) => `{ sessions(${input(id)}) { tookMs } }` },
  {
    field: 'sessionMetrics',
    needs: 'viewer',
    about: 'project',
    query: (id) => `{ sessionMetrics(${input(id)}) { tookMs } }`,
  },
  { field: 'catalogue', needs: 'viewer', about: 'project', query: (id) => `{ catalogue(${input(id)}) { tookMs } }` },
  { field: 'fields', needs: 'viewer', query: () => '{ fields { name } }' },
  {
    field: 'event',
    needs: 'viewer',
    about: 'project',
    query: (id) => `{ event(projectId: "${id}", id: "e") { place } }`,
  },
  { field: 'ledger', needs: 'viewer', about: 'project', query: (id) => `{ ledger(projectId: "${id}") { buckets } }` },
  { field: 'health', needs: 'viewer', query: () => '{ health { state } }' },
  {
    field: 'quarantine',
    needs: 'analyst',
    about: 'project',
    query: (id) => `{ quarantine(projectId: "${id}") { counts { count } edges { cursor } } }`,
  },
  {
    field: 'replayQuarantine',
    needs: 'admin',
    about: 'project',
    query: (id) => `mutation { replayQuarantine(projectId: "${id}", ids: ["${id}"]) { accepted } }`,
  },
  { field: 'me', needs: 'viewer', query: () => '{ me { organisation { name } project { name } } }' },
  { field: 'organisation', needs: 'viewer', query: () => '{ organisation { name } }' },
  { field: 'projects', needs: 'viewer', query: () => '{ projects { name } }' },
  { field: 'project', needs: 'viewer', about: 'project', query: (id) => `{ project(id: "${id}") { name } }` },
  {
    field: 'createProject',
    needs: 'admin',
    organisation: true,
    query: () => 'mutation { createProject(input: {name: "New"}) { id } }',
  },
  {
    field: 'updateProject',
    needs: 'admin',
    about: 'project',
    query: (id) => `mutation { updateProject(id: "${id}", input: {retentionDays: 3}) { id } }`,
  },
  { field: 'keys', needs: 'admin', about: 'project', query: (id) => `{ keys(projectId: "${id}") { name } }` },
  {
    field: 'createKey',
    needs: 'admin',
    about: 'project',
    query: (id) => `mutation { createKey(input: {projectId: "${id}", kind: pgw, name: "x"}) { secret } }`,
  },
  { field: 'disableKey', needs: 'admin', about: 'key', query: (id) => `mutation { disableKey(id: "${id}") { id } }` },
  { field: 'enableKey', needs: 'admin', about: 'key', query: (id) => `mutation { enableKey(id: "${id}") { id } }` },
  { field: 'revokeKey', needs: 'admin', about: 'key', query: (id) => `mutation { revokeKey(id: "${id}") { id } }` },
  { field: 'members', needs: 'admin', organisation: true, query: () => '{ members { email } }' },
  {
    field: 'putMember',
    needs: 'admin',
    organisation: true,
    query: () => 'mutation { putMember(email: "x@acme.example", role: viewer) { id } }',
  },
  {
    field: 'removeMember',
    needs: 'admin',
    organisation: true,
    about: 'member',
    query: (id) => `mutation { removeMember(id: "${id}") }`,
  },
  { field: 'auditLog', needs: 'admin', organisation: true, query: () => '{ auditLog { action } }' },
];

/** Ids of the shop, a write key of it and a member of acme. */
export async function idsOf(api: Api): Promise<Readonly<Record<NonNullable<Operation['about']>, string>>> {
  const write = { orgId: api.acme.id, projectId: api.shop.id, kind: 'pgw', name: 'web', role: null } as const;
  const key = await api.tenants.createKey({ ...write, allowedOrigins: [], hash: 'none', prefix: 'pgw_abcdef' });
  const member = await api.tenants.putMember({ orgId: api.acme.id, email: 'ann@acme.example', role: 'viewer' });
  return { project: api.shop.id, key: key.id, member: member.id };
}
