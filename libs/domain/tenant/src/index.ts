export {
  ROLES,
  type ApiKey,
  type Member,
  type Organisation,
  type Principal,
  type Project,
  type Quota,
  type Role,
} from './tenant.ts';
export type { AuditEntry, KeyDirectory, NewKey, ProjectDirectory, ResolvedKey, TenantStore } from './ports.ts';
export { Conflict } from './errors.ts';
