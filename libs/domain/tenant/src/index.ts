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
export type {
  AuditEntry,
  KeyDirectory,
  NewKey,
  ProjectDirectory,
  ResolvedKey,
  TenantOverview,
  TenantStore,
} from './ports.ts';
export { Conflict } from './errors.ts';
export {
  ACTIONS,
  keyAllows,
  keyStatus,
  may,
  mayGrant,
  originAllowed,
  permits,
  type Action,
  type KeyUse,
} from './access.ts';
export { emailKey, isEmail } from './checks.ts';
export type { KeyChanges } from './key-changes.ts';
export { createProjectLookup } from './project-lookup.ts';
export { newKeyFaults } from './new-key.ts';
export { monthlyRoom, quotaMonth, quotaMonthEnd, takeFromRate, type RateBucket, type RateVerdict } from './quota.ts';
export {
  issueKey,
  provisionOrganisation,
  provisionProject,
  type IssuedKey,
  type ProvisionDeps,
  type ProvisionedProject,
} from './provision.ts';
export { retentionCutoff } from './retention.ts';
export type { RateAnswer, RateRequest, SharedRates } from './shared-rates.ts';
export {
  changedSettings,
  effectiveLimits,
  PROJECT_DEFAULTS,
  projectFaults,
  type ProjectSettings,
  type SettingFault,
} from './settings.ts';
