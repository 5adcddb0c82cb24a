import { KEY_KINDS } from '@productgraph/contracts';
import { describe, expect, it } from 'vitest';
import { ACTIONS, keyAllows, keyStatus, may, mayGrant, originAllowed, permits, type Action } from './access.ts';
import { ROLES, type Principal, type Role } from './tenant.ts';

/** The table as the docs have it: v(iewer), a(nalyst), A(dmin), o(wner). */
const TABLE: Readonly<Record<Action, string>> = {
  'query.run': 'vaAo',
  'project.read': 'vaAo',
  'question.save': 'aAo',
  'quarantine.read': 'aAo',
  'quarantine.replay': 'Ao',
  'project.create': 'Ao',
  'project.change': 'Ao',
  'key.read': 'Ao',
  'key.change': 'Ao',
  'member.read': 'Ao',
  'member.change': 'Ao',
  'audit.read': 'Ao',
  'organisation.change': 'Ao',
  'owner.change': 'o',
  'organisation.delete': 'o',
};
const LETTERS: Readonly<Record<Role, string>> = { viewer: 'v', analyst: 'a', admin: 'A', owner: 'o' };

describe('roles', () => {
  it.each(ROLES.flatMap((role) => ACTIONS.map((action) => [role, action] as const)))('%s and %s', (role, action) => {
    expect(may(role, action)).toBe(TABLE[action].includes(LETTERS[role]));
  });

  it.each([
    ['owner', 'owner', true],
    ['owner', 'viewer', true],
    ['admin', 'owner', false],
    ['admin', 'admin', true],
    ['analyst', 'viewer', false],
  ] as const)('%s giving the role %s: %s', (granter, role, allowed) => {
    expect(mayGrant(granter, role)).toBe(allowed);
  });
});

describe('principals', () => {
  const token = (projectId: string | null, role: Role = 'owner'): Principal => ({
    keyId: 'k',
    orgId: 'o',
    projectId,
    role,
  });

  it.each([
    ['a token of the organisation, in any project', token(null), 'query.run', 'p1', true],
    ['a token of the organisation, beyond projects', token(null), 'member.change', null, true],
    ['a token of a project, in it', token('p1'), 'project.change', 'p1', true],
    ['a token of a project, in another', token('p1'), 'query.run', 'p2', false],
    ['a token of a project, beyond projects', token('p1'), 'key.read', null, false],
    ['a token of a project, on members', token('p1'), 'member.read', 'p1', false],
    ['a token of a project, making projects', token('p1'), 'project.create', 'p1', false],
    ['a role that may not', token(null, 'viewer'), 'key.read', 'p1', false],
  ] as const)('%s', (...[, principal, action, projectId, allowed]) => {
    expect(permits(principal, action, projectId)).toBe(allowed);
  });
});

describe('keys', () => {
  it('allow what their kind is for', () => {
    const uses = KEY_KINDS.map((kind) =>
      (['ingest', 'historical', 'ask'] as const).filter((use) => keyAllows(kind, use)),
    );
    expect(uses).toEqual([['ingest'], ['ingest', 'historical'], ['ask']]);
  });

  it.each([
    [null, null, 'active'],
    [1, null, 'disabled'],
    [null, 1, 'revoked'],
    [1, 2, 'revoked'],
  ])('disabled at %s and revoked at %s: %s', (disabledAt, revokedAt, status) => {
    expect(keyStatus({ disabledAt, revokedAt })).toBe(status);
  });

  it.each([
    [[], 'https://anywhere.example', true],
    [['https://shop.example'], 'https://shop.example', true],
    [['https://shop.example'], 'https://SHOP.example', true],
    [['https://shop.example'], 'https://shop.example.evil.example', false],
    [['https://shop.example'], 'http://shop.example', false],
    [['https://shop.example'], 'null', false],
    [['https://shop.example'], null, true],
  ])('allow-list %j and origin %s: %s', (allowedOrigins, origin, allowed) => {
    expect(originAllowed({ allowedOrigins }, origin)).toBe(allowed);
  });
});
