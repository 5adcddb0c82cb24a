import type { Role } from '@productgraph/domain-tenant';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Api, startApi } from '../testing/api.ts';
import { idsOf, type Operation, OPERATIONS } from '../testing/operations.ts';

const ROLES: readonly Role[] = ['viewer', 'analyst', 'admin', 'owner'];

let api: Api;
let ids: Awaited<ReturnType<typeof idsOf>>;
beforeEach(async () => {
  api = await startApi();
  ids = await idsOf(api);
});
afterEach(() => api.close());

async function code(operation: Operation, token: string): Promise<unknown> {
  const { errors } = await api.ask(operation.query(operation.about ? ids[operation.about] : ''), token);
  return errors[0]?.extensions.code ?? 'ok';
}

describe.each(ROLES)('the role %s', (role) => {
  it('may do what its role or one below may', async () => {
    const allowed = (operation: Operation): boolean => ROLES.indexOf(role) >= ROLES.indexOf(operation.needs);
    const token = api.token(role);
    for (const operation of OPERATIONS) {
      expect([operation.field, await code(operation, token)]).toEqual([
        operation.field,
        allowed(operation) ? 'ok' : 'forbidden',
      ]);
    }
  });

  it("may not touch the organisation's affairs with a token of one project", async () => {
    const token = api.token(role, api.shop.id);
    const allowed = ({ needs, organisation }: Operation): boolean =>
      ROLES.indexOf(role) >= ROLES.indexOf(needs) && organisation === undefined;
    for (const operation of OPERATIONS) {
      expect([operation.field, await code(operation, token)]).toEqual([
        operation.field,
        allowed(operation) ? 'ok' : 'forbidden',
      ]);
    }
  });
});

it('without a token nothing but the schema is answered', async () => {
  for (const operation of OPERATIONS) {
    const { status, errors, data } = await api.ask(operation.query(api.shop.id), null);
    expect([operation.field, status, data, errors[0]?.extensions.code]).toEqual([
      operation.field,
      401,
      null,
      'missing_key',
    ]);
  }
  expect(api.engine.asked).toEqual([]);
  expect(await api.ask('{ __schema { queryType { name } } __typename }', null)).toMatchObject({
    status: 200,
    data: { __schema: { queryType: { name: 'Query' } } },
  });
  const mixed = 'query { ...F } fragment F on Query { __typename ... { me { role } } }';
  expect(await api.ask(mixed, null)).toMatchObject({ status: 401 });
});
