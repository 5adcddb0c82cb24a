import { uuidv7 } from '@productgraph/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Api, startApi } from '../testing/api.ts';
import { idsOf, type Operation, OPERATIONS } from '../testing/operations.ts';

let api: Api;
let ids: Awaited<ReturnType<typeof idsOf>>;
beforeEach(async () => {
  api = await startApi();
  ids = await idsOf(api);
  api.ledger.store(api.shop.id, 'e');
  api.ledger.refuse(api.shop.id);
});
afterEach(() => api.close());

const withId = OPERATIONS.filter(({ about }) => about !== undefined);

/** What a caller learns, without what differs between any two requests. */
async function learned(operation: Operation, id: string, token: string): Promise<unknown> {
  const { status, data, errors } = await api.ask(operation.query(id), token);
  return { status, data, errors: errors.map(({ message, extensions }) => ({ message, extensions })) };
}

describe('of what belongs to another', () => {
  it('organisation, an owner learns what they learn of what does not exist', async () => {
    const stranger = api.tenants.addToken(api.other.id, 'owner');
    for (const operation of withId) {
      const id = ids[operation.about ?? 'project'];
      const answer = await learned(operation, id, stranger);
      expect(answer).toMatchObject({ status: 200, errors: [{ extensions: { code: 'not_found' } }] });
      for (const nothing of [uuidv7(1), 'nope', "' OR 1=1 --", '00000000-0000-0000-0000-000000000000']) {
        expect([operation.field, await learned(operation, nothing, stranger)]).toEqual([operation.field, answer]);
      }
    }
    await untouched();
  });

  it('project, a token of one project learns as little', async () => {
    const neighbour = api.token('owner', api.blog.id);
    for (const operation of withId.filter(({ organisation }) => organisation === undefined)) {
      const id = ids[operation.about ?? 'project'];
      const answer = await learned(operation, id, neighbour);
      expect([operation.field, answer]).toMatchObject([
        operation.field,
        { errors: [{ extensions: { code: 'not_found' } }] },
      ]);
      expect([operation.field, await learned(operation, uuidv7(1), neighbour)]).toEqual([operation.field, answer]);
    }
    await untouched();
  });
});

/** Nothing was asked of the store, and what the attempts were about is as it was. */
async function untouched(): Promise<void> {
  expect(api.engine.asked).toEqual([]);
  expect(await api.tenants.project(api.acme.id, api.shop.id)).toEqual(api.shop);
  const keys = await api.tenants.keys(api.acme.id, api.shop.id);
  expect(keys).toMatchObject([{ id: ids.key, disabledAt: null, revokedAt: null }]);
  expect(await api.tenants.members(api.acme.id)).toMatchObject([{ id: ids.member }]);
  const all = { orgId: api.acme.id, projectId: api.shop.id, code: null, stage: null, after: null, limit: 10 };
  expect(await api.ledger.quarantine(all)).toHaveLength(1);
}

it('lists show one organisation only', async () => {
  const stranger = api.tenants.addToken(api.other.id, 'owner');
  const { data, text } = await api.ask(
    '{ organisation { name } projects { name } keys { name } members { email } auditLog { target } }',
    stranger,
  );
  expect(data).toEqual({
    organisation: { name: 'Other' },
    projects: [{ name: 'Foreign' }],
    keys: [{ name: 'owner' }],
    members: [],
    auditLog: [],
  });
  for (const { id } of [api.acme, api.shop, api.blog]) expect(text).not.toContain(id);
});

it('every question carries the organisation of the token', async () => {
  for (const operation of OPERATIONS.filter(({ needs }) => needs === 'viewer')) {
    await api.ask(operation.query(api.shop.id), api.token('viewer'));
  }
  expect(api.engine.asked.length).toBeGreaterThan(10);
  expect(new Set(api.engine.asked.map(({ options }) => options.orgId))).toEqual(new Set([api.acme.id]));
});
