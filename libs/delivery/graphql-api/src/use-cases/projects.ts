import { uuidv7 } from '@productgraph/contracts';
import {
  type Project,
  PROJECT_DEFAULTS,
  projectFaults,
  type ProjectSettings,
  type SettingFault,
  type TenantStore,
} from '@productgraph/domain-tenant';
import type { Clock } from '@productgraph/kernel';
import type { CreateProjectInput, UpdateProjectInput } from '../generated/schema.ts';
import type { GraphqlContext } from '../request/context.ts';
import { Fault, notFound } from '../request/fault.ts';
import { settingsFromGraphql } from '../translate/project.ts';
import type { Access } from './access.ts';

export interface Projects {
  /** Those that the token may see. */
  list(context: GraphqlContext): Promise<readonly Project[]>;
  /** @throws Conflict when the name is taken */
  create(context: GraphqlContext, input: CreateProjectInput): Promise<Project>;
  /** @throws Conflict when the name is taken */
  change(context: GraphqlContext, id: string, input: UpdateProjectInput): Promise<Project>;
}

export function createProjects(access: Access, tenants: TenantStore, clock: Clock): Projects {
  return {
    async list(context) {
      const { orgId, projectId } = access.allow(context, 'project.read');
      const projects = await tenants.projects(orgId);
      return projectId === null ? projects : projects.filter(({ id }) => id === projectId);
    },
    async create(context, input) {
      const { orgId, keyId } = access.allowOrganisation(context, 'project.create');
      const settings = checked(settingsFromGraphql(input, { ...PROJECT_DEFAULTS, name: input.name }));
      const now = clock.now();
      const project = { ...settings, id: uuidv7(now), orgId, createdAt: now };
      await tenants.createProject(project, keyId);
      return project;
    },
    async change(context, id, input) {
      const { principal, project } = await access.allowProject(context, 'project.change', id);
      const settings = checked(settingsFromGraphql(input, project));
      const changed = await tenants.changeProject({ ...project, ...settings }, principal.keyId);
      if (changed === null) throw notFound('project');
      return changed;
    },
  };
}

function checked(settings: ProjectSettings): ProjectSettings {
  refuse(projectFaults(settings));
  return settings;
}

/** @throws Fault invalid_request listing everything that is wrong with an input; each message says what is allowed */
export function refuse(found: readonly SettingFault[]): void {
  if (found.length === 0) return;
  const faults = found.map(({ field, message }) => `${field}: has to be ${message}`);
  throw new Fault('invalid_request', faults.join('; '), { faults });
}
