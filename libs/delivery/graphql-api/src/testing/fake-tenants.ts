import { generateKey, hashKey, uuidv7, visiblePrefix } from '@productgraph/contracts';
import {
  type ApiKey,
  type AuditEntry,
  Conflict,
  emailKey,
  type KeyDirectory,
  type Member,
  type NewKey,
  type Organisation,
  type Project,
  PROJECT_DEFAULTS,
  type ResolvedKey,
  type Role,
  type TenantStore,
} from '@productgraph/domain-tenant';

type StoredKey = ApiKey & { readonly hash: string };

/** Tenants in memory, with the ways to make them that specs need. */
export class FakeTenants implements TenantStore, KeyDirectory {
  /** Look-ups by hash so far. */
  lookUps = 0;
  readonly #now: () => number;
  readonly #organisations: Organisation[] = [];
  readonly #projects: Project[] = [];
  readonly #keys: StoredKey[] = [];
  readonly #members: Member[] = [];
  readonly #audit: AuditEntry[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  addOrganisation(name: string): Organisation {
    const organisation = { id: uuidv7(this.#now()), name, createdAt: this.#now() };
    this.#organisations.push(organisation);
    return organisation;
  }

  addProject(orgId: string, name: string, settings: Partial<Project> = {}): Project {
    const made = { id: uuidv7(this.#now()), orgId, name, createdAt: this.#now() };
    const project = { ...PROJECT_DEFAULTS, ...made, ...settings };
    this.#projects.push(project);
    return project;
  }

  /** The token itself. */
  addToken(orgId: string, role: Role, projectId: string | null = null): string {
    const token = generateKey('pgt');
    const shown = { hash: hashKey(token), prefix: visiblePrefix(token) };
    this.#add({ orgId, projectId, kind: 'pgt', name: role, role, allowedOrigins: [], ...shown });
    return token;
  }

  async findByHash(hash: string): Promise<ResolvedKey | null> {
    this.lookUps++;
    const key = this.#keys.find((one) => one.hash === hash && one.revokedAt === null);
    if (key === undefined) return null;
    return { key: withoutHash(key), project: this.#projects.find(({ id }) => id === key.projectId) ?? null };
  }

  async organisation(orgId: string): Promise<Organisation | null> {
    return this.#organisations.find(({ id }) => id === orgId) ?? null;
  }

  async createOrganisation(organisation: Organisation): Promise<void> {
    this.#organisations.push(organisation);
  }

  async projects(orgId: string): Promise<Project[]> {
    return this.#projects.filter((project) => project.orgId === orgId);
  }

  async project(orgId: string, id: string): Promise<Project | null> {
    return this.#projects.find((project) => project.orgId === orgId && project.id === id) ?? null;
  }

  async createProject(project: Project, actor: string): Promise<void> {
    if (this.#projects.some(({ orgId, name }) => orgId === project.orgId && name === project.name)) {
      throw new Conflict(`There is a project "${project.name}" already.`);
    }
    this.#projects.push(project);
    this.#note(project.orgId, actor, 'project.create');
  }

  async changeProject(project: Project, actor: string): Promise<Project | null> {
    const index = this.#projects.findIndex(({ orgId, id }) => orgId === project.orgId && id === project.id);
    if (index < 0) return null;
    this.#projects[index] = project;
    this.#note(project.orgId, actor, 'project.change');
    return project;
  }

  async keys(orgId: string, projectId: string | null): Promise<ApiKey[]> {
    const found = this.#keys.filter((key) => key.orgId === orgId);
    return found.filter((key) => projectId === null || key.projectId === projectId).map(withoutHash);
  }

  async createKey(key: NewKey): Promise<ApiKey> {
    return this.#add(key);
  }

  async setKeyDisabled(change: { orgId: string; keyId: string; disabled: boolean }): Promise<ApiKey | null> {
    const { orgId, keyId, disabled } = change;
    const revoked = this.#keys.some(({ id, revokedAt }) => id === keyId && revokedAt !== null);
    if (revoked) throw new Conflict('The key is revoked.');
    return this.#replaceKey(orgId, keyId, { disabledAt: disabled ? this.#now() : null });
  }

  async revokeKey(orgId: string, keyId: string): Promise<ApiKey | null> {
    return this.#replaceKey(orgId, keyId, { revokedAt: this.#now() });
  }

  async members(orgId: string): Promise<Member[]> {
    return this.#members.filter((member) => member.orgId === orgId);
  }

  async putMember({ orgId, email, role }: { orgId: string; email: string; role: Role }): Promise<Member> {
    const same = (one: Member): boolean => one.orgId === orgId && emailKey(one.email) === emailKey(email);
    const index = this.#members.findIndex(same);
    const before = this.#members[index] ?? { id: uuidv7(this.#now()), orgId, email, createdAt: this.#now() };
    const member = { ...before, role };
    this.#members.splice(index < 0 ? this.#members.length : index, 1, member);
    return member;
  }

  async removeMember(orgId: string, id: string): Promise<boolean> {
    const owners = this.#members.filter((member) => member.orgId === orgId && member.role === 'owner');
    if (owners.length === 1 && owners[0]?.id === id) throw new Conflict('An organisation needs an owner.');
    const index = this.#members.findIndex((member) => member.orgId === orgId && member.id === id);
    if (index >= 0) this.#members.splice(index, 1);
    return index >= 0;
  }

  async audit(orgId: string, limit: number): Promise<AuditEntry[]> {
    return this.#audit.filter((entry) => entry.orgId === orgId).slice(0, limit);
  }

  #add({ hash, ...key }: NewKey): ApiKey {
    const made = { ...key, id: uuidv7(this.#now()), createdAt: this.#now(), disabledAt: null, revokedAt: null };
    this.#keys.push({ ...made, hash });
    return made;
  }

  #replaceKey(orgId: string, id: string, change: Partial<ApiKey>): ApiKey | null {
    const index = this.#keys.findIndex((key) => key.id === id && key.orgId === orgId);
    const key = this.#keys[index];
    if (key === undefined) return null;
    const changed = { ...key, ...change };
    this.#keys[index] = changed;
    return withoutHash(changed);
  }

  #note(orgId: string, actor: string, action: string): void {
    const at = this.#now();
    this.#audit.unshift({ id: uuidv7(at), orgId, at, actor, action, target: 'x', details: { retentionDays: 30 } });
  }
}

function withoutHash({ hash: _, ...key }: StoredKey): ApiKey {
  return key;
}
