import { visiblePrefix, type KeyKind } from '@productgraph/contracts';
import {
  issueKey,
  keyStatus,
  newKeyFaults,
  type ApiKey,
  type IssuedKey,
  type NewKey,
  type Organisation,
  type Project,
  type Role,
} from '@productgraph/domain-tenant';
import { ACTOR } from '../borrowed-key.ts';
import type { CliContext } from '../context.ts';
import { withTenants, type Tenants } from '../database.ts';
import { CliFault } from '../fault.ts';
import { counted, table, type Result } from '../output.ts';
import { allProjects, chooseOrganisation, chooseProject } from '../projects.ts';

/** Kinds of keys as people name them. */
export const KINDS = { write: 'pgw', secret: 'pgs', token: 'pgt' } as const satisfies Record<string, KeyKind>;
export type KeyName = keyof typeof KINDS;

export interface CreateKeyOptions {
  readonly name?: string;
  readonly project?: string;
  readonly org?: string;
  readonly role?: Role;
  readonly origin?: readonly string[];
}

export interface MadeKey {
  readonly id: string;
  readonly kind: KeyKind;
  readonly name: string;
  readonly organisation: string;
  readonly project: string | null;
  readonly role: Role | null;
  /** The key itself: shown this once. */
  readonly key: string;
}

type Draft = Omit<NewKey, 'hash' | 'prefix'>;

async function issueChecked({ store }: Pick<Tenants, 'store'>, draft: Draft): Promise<IssuedKey> {
  const faults = newKeyFaults(draft);
  if (faults.length > 0) {
    throw new CliFault(faults.map(({ field, message }) => `${field}: has to be ${message}.`).join('\n'));
  }
  return issueKey(store, draft, ACTOR);
}

async function createIn(tenants: Tenants, word: KeyName, options: CreateKeyOptions): Promise<MadeKey> {
  const kind = KINDS[word];
  const { organisation, project } = await placeOf(tenants, kind, options);
  const { key, secret } = await issueChecked(tenants, {
    orgId: organisation.id,
    projectId: project?.id ?? null,
    kind,
    name: options.name ?? `${word} key`,
    role: kind === 'pgt' ? (options.role ?? 'analyst') : null,
    allowedOrigins: options.origin ?? [],
  });
  const { id, name, role } = key;
  return { id, kind, name, role, organisation: organisation.name, project: project?.name ?? null, key: secret };
}

async function placeOf(
  tenants: Tenants,
  kind: KeyKind,
  { project, org }: CreateKeyOptions,
): Promise<{ readonly organisation: Organisation; readonly project: Project | null }> {
  if (kind !== 'pgt' || project !== undefined || org === undefined) return chooseProject(tenants, project);
  return { organisation: await chooseOrganisation(tenants, org), project: null };
}

/** `keys create <kind>`: a token without a project is for the whole organisation, if that is what `--org` says. */
export async function createKey(context: CliContext, word: KeyName, options: CreateKeyOptions): Promise<Result> {
  const made = await withTenants(context.config(), (tenants) => createIn(tenants, word, options));
  const where = made.project === null ? `organisation "${made.organisation}"` : `project "${made.project}"`;
  const what = made.role === null ? `${word} key` : `API token of the role ${made.role}`;
  const text = `${made.key}\n\n"${made.name}": ${what} for the ${where}. It is shown only this once.\n`;
  return { json: made, text };
}

export interface ListKeysOptions {
  readonly project?: string;
  /** Revoked ones too. */
  readonly all?: boolean;
}

/** `keys list`: newest first; those that imports and replays left behind, like all that are revoked, only with `--all`. */
export async function listKeys(context: CliContext, options: ListKeysOptions): Promise<Result> {
  const found = await readKeys(context, options.project);
  const keys = options.all === true ? found : found.filter(({ status }) => status !== 'revoked');
  const rows = keys.map(({ prefix, name, kind, role, project, status, createdAt, id }) => [
    `${prefix}…`, nameOfKind(kind), status, role ?? '', project ?? '(organisation)', name, day(createdAt), id,
  ]); // prettier-ignore
  const text = table(['key', 'kind', 'status', 'role', 'project', 'name', 'made', 'id'], rows);
  const left = found.length - keys.length;
  const more =
    left === 0 ? '' : `\n${counted(left, 'revoked key is', 'revoked keys are')} left out: --all shows them.\n`;
  return { json: keys, text: `${text}\n${more}` };
}

type ListedKey = ApiKey & { readonly project: string | null; readonly status: ReturnType<typeof keyStatus> };

async function readKeys(context: CliContext, onlyOf: string | undefined): Promise<ListedKey[]> {
  const keys = await withTenants(context.config(), async (tenants) => {
    const places = await allProjects(tenants);
    const names = new Map(places.map(({ project }) => [project.id, project.name]));
    const wanted = onlyOf === undefined ? null : (await chooseProject(tenants, onlyOf)).project.id;
    const organisations = await tenants.overview.organisations();
    const lists = await Promise.all(organisations.map(({ id }) => tenants.store.keys(id, wanted)));
    return lists
      .flat()
      .map((key) => ({ ...key, project: names.get(key.projectId ?? '') ?? null, status: keyStatus(key) }));
  });
  return keys.sort((a, b) => b.createdAt - a.createdAt);
}

function nameOfKind(kind: KeyKind): string {
  return Object.entries(KINDS).find(([, candidate]) => candidate === kind)?.[0] ?? kind;
}

const day = (time: number): string => new Date(time).toISOString().slice(0, 10);

export type KeyChange = 'revoke' | 'disable' | 'enable';

/** `keys revoke|disable|enable <id or visible prefix>` */
export async function changeKey(context: CliContext, wanted: string, change: KeyChange): Promise<Result> {
  const changed = await withTenants(context.config(), async (tenants) => {
    const key = await findKey(tenants, wanted);
    const answer =
      change === 'revoke'
        ? await tenants.store.revokeKey(key.orgId, key.id, ACTOR)
        : await tenants.store.setKeyDisabled(
            { orgId: key.orgId, keyId: key.id, disabled: change === 'disable' },
            ACTOR,
          );
    return answer ?? key;
  });
  const json = { id: changed.id, prefix: changed.prefix, name: changed.name, status: keyStatus(changed) };
  return { json, text: `${changed.prefix}… "${changed.name}" is ${json.status} now.\n` };
}

async function findKey({ store, overview }: Tenants, wanted: string): Promise<ApiKey> {
  const lists = await Promise.all((await overview.organisations()).map(({ id }) => store.keys(id, null)));
  // A whole key may be pasted too: its beginning names it.
  const prefix = visiblePrefix(wanted.replace(/…$/, ''));
  const matches = lists.flat().filter((key) => key.id === wanted || key.prefix === prefix);
  const [found, ...others] = matches;
  if (found === undefined) throw new CliFault(`There is no key "${wanted}": "productgraph keys list" shows all.`);
  if (others.length > 0) throw new CliFault(`Several keys begin with "${wanted}": give the id.`);
  return found;
}
