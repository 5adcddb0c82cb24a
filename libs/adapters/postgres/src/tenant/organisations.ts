import { isUuid } from '@productgraph/contracts';
import { changedSettings, type TenantStore } from '@productgraph/domain-tenant';
import type { Clock } from '@productgraph/kernel';
import type { DataSource } from 'typeorm';
import { asConflict, audit, inTenant } from './data-source.ts';
import { organisationEntity, projectEntity } from './entities.ts';
import { organisationFromRow, projectFromRow, projectToRow } from './rows.ts';

/** What every part of the store works with. */
export interface TenantContext {
  readonly source: DataSource;
  readonly clock: Clock;
}

const rethrow = (error: unknown): never => {
  throw asConflict(error);
};

export function organisationVerbs({
  source,
  clock,
}: TenantContext): Pick<TenantStore, 'organisation' | 'createOrganisation'> {
  return {
    async organisation(orgId) {
      if (!isUuid(orgId)) return null;
      const row = await inTenant(source, orgId, (manager) => manager.findOneBy(organisationEntity, { id: orgId }));
      return row === null ? null : organisationFromRow(row);
    },
    async createOrganisation(organisation, actor) {
      const { id, name, createdAt } = organisation;
      await inTenant(source, id, async (manager) => {
        await manager.insert(organisationEntity, { id, name, createdAt: new Date(createdAt) });
        await audit(manager, { orgId: id, actor, action: 'organisation.create', target: id, details: { name } }, clock);
      }).catch(rethrow);
    },
  };
}

export function projectVerbs({
  source,
  clock,
}: TenantContext): Pick<TenantStore, 'projects' | 'project' | 'createProject' | 'changeProject'> {
  return {
    async projects(orgId) {
      if (!isUuid(orgId)) return [];
      const rows = await inTenant(source, orgId, (manager) =>
        manager.find(projectEntity, { where: { orgId }, order: { name: 'ASC' } }),
      );
      return rows.map(projectFromRow);
    },
    async project(orgId, projectId) {
      if (!isUuid(orgId) || !isUuid(projectId)) return null;
      const row = await inTenant(source, orgId, (manager) =>
        manager.findOneBy(projectEntity, { id: projectId, orgId }),
      );
      return row === null ? null : projectFromRow(row);
    },
    async createProject(project, actor) {
      const { orgId, id, name } = project;
      await inTenant(source, orgId, async (manager) => {
        await manager.insert(projectEntity, projectToRow(project));
        await audit(manager, { orgId, actor, action: 'project.create', target: id, details: { name } }, clock);
      }).catch(rethrow);
    },
    async changeProject(project, actor) {
      const { orgId, id } = project;
      if (!isUuid(orgId) || !isUuid(id)) return null;
      return inTenant(source, orgId, async (manager) => {
        const row = await manager.findOne(projectEntity, { where: { id, orgId }, lock: { mode: 'pessimistic_write' } });
        if (row === null) return null;
        const before = projectFromRow(row);
        const after = { ...project, createdAt: before.createdAt };
        const details = changedSettings(before, after);
        if (Object.keys(details).length === 0) return before;
        await manager.update(projectEntity, { id, orgId }, projectToRow(after));
        await audit(manager, { orgId, actor, action: 'project.change', target: id, details }, clock);
        return after;
      }).catch(rethrow);
    },
  };
}
