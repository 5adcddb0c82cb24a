import type { KeyKind } from '@productgraph/contracts';
import type { ApiKey, Principal, Role } from './tenant.ts';

/** Everything that a role may or may not do. The names stand in the docs and in `forbidden` errors. */
export const ACTIONS = [
  // Ask questions, see projects, health, ledger.
  'query.run',
  'project.read',
  // Save questions and dashboards.
  'question.save',
  'quarantine.read',
  'quarantine.replay',
  'project.create',
  'project.change',
  'key.read',
  'key.change',
  'member.read',
  'member.change',
  'audit.read',
  'organisation.change',
  // Give or take the role owner; delete the organisation.
  'owner.change',
  'organisation.delete',
] as const; // prettier-ignore
export type Action = (typeof ACTIONS)[number];

const VIEWER: readonly Action[] = ['query.run', 'project.read'];
const ANALYST: readonly Action[] = [...VIEWER, 'question.save', 'quarantine.read'];
const ADMIN: readonly Action[] = [
  ...ANALYST,
  'quarantine.replay',
  'project.create',
  'project.change',
  'key.read',
  'key.change',
  'member.read',
  'member.change',
  'audit.read',
  'organisation.change',
];

const PERMISSIONS: Readonly<Record<Role, ReadonlySet<Action>>> = {
  viewer: new Set(VIEWER),
  analyst: new Set(ANALYST),
  admin: new Set(ADMIN),
  owner: new Set(ACTIONS),
};

/** The table of roles and permissions. */
export function may(role: Role, action: Action): boolean {
  return PERMISSIONS[role].has(action);
}

/** Actions that concern a whole organisation: a token bound to one project may not do them whatever its role. */
const ORGANISATION_WIDE: ReadonlySet<Action> = new Set<Action>([
  'project.create',
  'member.read',
  'member.change',
  'audit.read',
  'organisation.change',
  'owner.change',
  'organisation.delete',
]);

/** As {@link may} for who is asking, within their organisation; `projectId` null = nothing of one project. */
export function permits(principal: Principal, action: Action, projectId: string | null): boolean {
  if (!may(principal.role, action)) return false;
  if (principal.projectId === null) return true;
  return projectId === principal.projectId && !ORGANISATION_WIDE.has(action);
}

/** Whether `granter` may give or take `role`: owners are made and unmade by owners only. */
export function mayGrant(granter: Role, role: Role): boolean {
  return may(granter, role === 'owner' ? 'owner.change' : 'member.change');
}

/** What a key is used for: sending events, sending historical ones (also imports), asking. */
export type KeyUse = 'ingest' | 'historical' | 'ask';

const KEY_USES: Readonly<Record<KeyKind, readonly KeyUse[]>> = {
  pgw: ['ingest'],
  pgs: ['ingest', 'historical'],
  pgt: ['ask'],
};

/** Write keys send, secret keys also send historical events, API tokens ask. */
export function keyAllows(kind: KeyKind, use: KeyUse): boolean {
  return KEY_USES[kind].includes(use);
}

/** A revoked key is gone for good, a disabled one can be enabled again. */
export function keyStatus(key: Pick<ApiKey, 'disabledAt' | 'revokedAt'>): 'active' | 'disabled' | 'revoked' {
  if (key.revokedAt !== null) return 'revoked';
  return key.disabledAt === null ? 'active' : 'disabled';
}

/** True when a browser page of that origin may use the key; requests without an origin are not from a browser. */
export function originAllowed(key: Pick<ApiKey, 'allowedOrigins'>, origin: string | null): boolean {
  if (key.allowedOrigins.length === 0 || origin === null) return true;
  return key.allowedOrigins.some((allowed) => allowed.toLowerCase() === origin.toLowerCase());
}
