import {
  PROJECT_DEFAULTS,
  projectFaults,
  provisionOrganisation,
  provisionProject,
  type Organisation,
} from '@productgraph/domain-tenant';
import { ACTOR } from '../borrowed-key.ts';
import type { CliContext } from '../context.ts';
import { withTenants, type Tenants } from '../database.ts';
import { CliFault } from '../fault.ts';
import { table, type Result } from '../output.ts';
import { allProjects, chooseOrganisation } from '../projects.ts';

export interface CreateProjectOptions {
  readonly org?: string;
  readonly timeZone?: string;
  readonly retentionDays?: number;
}

/** `projects create <name>`: with keys; an organisation that does not exist yet is made. */
export async function createProject(context: CliContext, name: string, options: CreateProjectOptions): Promise<Result> {
  const settings = {
    ...PROJECT_DEFAULTS,
    name,
    timeZone: options.timeZone ?? PROJECT_DEFAULTS.timeZone,
    retentionDays: options.retentionDays ?? PROJECT_DEFAULTS.retentionDays,
  };
  const faults = projectFaults(settings);
  if (faults.length > 0)
    throw new CliFault(faults.map(({ field, message }) => `${field}: has to be ${message}.`).join('\n'));
  const made = await withTenants(context.config(), async (tenants) => {
    const organisation = await organisationFor(context, tenants, options.org);
    const deps = { store: tenants.store, clock: context.clock, actor: ACTOR };
    return { organisation, ...(await provisionProject(deps, organisation.id, settings)) };
  });
  const { project, organisation } = made;
  const keys = { write: made.write.secret, secret: made.secret.secret, token: made.token.secret };
  const text = `Project "${name}" of organisation "${organisation.name}" (${project.id})

  write key   ${keys.write}   sends events, may be public
  secret key  ${keys.secret}   for servers: also imports and historical events
  API token   ${keys.token}   asks questions and changes settings (owner)

The keys are shown only this once.
`;
  return {
    json: { id: project.id, name, organisation: organisation.name, organisationId: organisation.id, keys },
    text,
  };
}

async function organisationFor(
  context: CliContext,
  tenants: Tenants,
  wanted: string | undefined,
): Promise<Organisation> {
  const all = await tenants.overview.organisations();
  const isNew = wanted === undefined ? all.length === 0 : !all.some(({ id, name }) => id === wanted || name === wanted);
  if (!isNew) return chooseOrganisation(tenants, wanted);
  return provisionOrganisation(
    { store: tenants.store, clock: context.clock, actor: ACTOR },
    wanted ?? 'My organisation',
  );
}

/** `projects list` */
export async function listProjects(context: CliContext): Promise<Result> {
  const places = await withTenants(context.config(), allProjects);
  const json = places.map(({ organisation, project }) => ({ ...project, organisation: organisation.name }));
  const rows = json.map(({ name, organisation, timeZone, retentionDays, id }) => [
    name,
    organisation,
    timeZone,
    retentionDays === null ? 'for ever' : `${retentionDays} days`,
    id,
  ]);
  return { json, text: `${table(['project', 'organisation', 'time zone', 'keeps events', 'id'], rows)}\n` };
}
