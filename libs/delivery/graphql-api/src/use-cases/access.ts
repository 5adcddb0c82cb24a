import { isUuid } from '@productgraph/contracts';
import { type Action, may, permits, type Principal, type Project, type TenantStore } from '@productgraph/domain-tenant';
import type { GraphqlContext } from '../request/context.ts';
import { Fault, notFound } from '../request/fault.ts';

/** Who asks, and the project it is about. */
export interface Granted {
  readonly principal: Principal;
  readonly project: Project;
}

/** The one place that decides whether a request may do what it asks. The organisation always is the token's own. */
export interface Access {
  /**
   * For what is the same for every token, whatever project it is bound to.
   * @throws Fault forbidden when the role does not allow it
   */
  allow(context: GraphqlContext, action: Action): Principal;
  /**
   * For what concerns the whole organisation.
   * @throws Fault forbidden also for tokens that are bound to one project
   */
  allowOrganisation(context: GraphqlContext, action: Action): Principal;
  /**
   * For what concerns one project; without an id the token's, or the organisation's only one.
   * @throws Fault forbidden by role alone; not_found for every project that the token may not see
   */
  allowProject(context: GraphqlContext, action: Action, projectId: string | null | undefined): Promise<Granted>;
}

export function createAccess(tenants: TenantStore): Access {
  function allow({ principal }: GraphqlContext, action: Action): Principal {
    if (principal === null) throw new Fault('missing_key');
    if (may(principal.role, action)) return principal;
    throw new Fault('forbidden', `The role ${principal.role} may not do ${action}.`, { action });
  }

  return {
    allow,
    allowOrganisation(context, action) {
      const principal = allow(context, action);
      if (permits(principal, action, null)) return principal;
      throw new Fault('forbidden', `${action} needs a token of the whole organisation, not of one project.`, {
        action,
      });
    },
    async allowProject(context, action, projectId) {
      const principal = allow(context, action);
      const project = projectId
        ? await visibleProject(tenants, principal, projectId)
        : await defaultProject(tenants, principal);
      return { principal, project };
    },
  };
}

async function visibleProject(tenants: TenantStore, principal: Principal, projectId: string): Promise<Project> {
  const bound = principal.projectId !== null && principal.projectId !== projectId;
  const project = bound || !isUuid(projectId) ? null : await tenants.project(principal.orgId, projectId);
  if (project === null) throw notFound('project');
  return project;
}

async function defaultProject(tenants: TenantStore, principal: Principal): Promise<Project> {
  if (principal.projectId !== null) return visibleProject(tenants, principal, principal.projectId);
  const [only, ...others] = await tenants.projects(principal.orgId);
  if (only === undefined) throw notFound('project');
  if (others.length > 0) throw several([only, ...others]);
  return only;
}

/** Projects named in the message; `{ projects { id name } }` lists all. */
const NAMED = 10;

function several(projects: readonly Project[]): Fault {
  const named = projects.slice(0, NAMED).map(({ id, name }) => `"${name}" (${id})`);
  const more = projects.length > NAMED ? `, and ${projects.length - NAMED} more` : '';
  return new Fault('invalid_request', `The token opens several projects: give projectId: ${named.join(', ')}${more}.`);
}
