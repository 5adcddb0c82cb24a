import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, startApi } from '../testing/api.ts';

let api: Api;
let token: string;
beforeAll(async () => {
  api = await startApi();
  token = api.token('owner', api.shop.id);
});
afterAll(() => api.close());

const TREND = 'trend(input: {}) { tookMs }';
const times = (count: number, text: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => text(i)).join(' ');
const nested = (depth: number): object => (depth === 0 ? {} : { not: nested(depth - 1) });

describe('refused before anything is executed', () => {
  it.each([
    ['depth', `{ user(input: {userKey: "u:1"}) ${times(12, () => '{ timeline')} { tookMs } ${'}'.repeat(12)} }`],
    ['introspectionDepth', `{ __schema { types ${times(20, () => '{ ofType')} { name } ${'}'.repeat(20)} } }`],
    ['fields', `{ trend(input: {}) { ${'tookMs '.repeat(1001)} } }`],
    ['aliases', `{ ${times(31, (i) => `a${i}: ${TREND}`)} }`],
    ['rootFields', `{ ${times(21, () => TREND)} }`],
    ['cost', `{ ${times(6, (i) => `a${i}: events(input: {}, first: 1000) { edges { node { eventId } } }`)} }`],
    [
      'cost',
      `{ user(input: {userKey: "u:1"}) { ${times(6, (i) => `a${i}: timeline(first: 1000) { edges { node { eventId } } }`)} } }`,
    ],
  ])('%s', async (budget, query) => {
    const before = api.engine.asked.length;
    const { status, data, errors } = await api.ask(query, token);
    expect({ status, data }).toEqual({ status: 422, data: null });
    expect(errors).toMatchObject([{ extensions: { code: 'query_too_expensive', budget } }]);
    expect(api.engine.asked).toHaveLength(before);
  });

  it('cost that only the variables tell', async () => {
    const query = `query ($n: Int!) { ${times(6, (i) => `a${i}: events(input: {}, first: $n) { edges { node { eventId } } }`)} }`;
    expect((await api.ask({ query, variables: { n: 10 } }, token)).status).toBe(200);
    expect((await api.ask({ query, variables: { n: 1000 } }, token)).errors[0]?.extensions).toMatchObject({
      budget: 'cost',
    });
  });

  it('variables nested too deeply', async () => {
    const query = 'query ($f: FilterInput) { events(input: {filter: $f}) { tookMs } }';
    const { status, errors } = await api.ask({ query, variables: { f: nested(40) } }, token);
    expect({ status, budget: errors[0]?.extensions.budget }).toEqual({ status: 422, budget: 'variablesDepth' });
  });

  it('variables nested as deeply as a body holds', async () => {
    const variables = `${'{"not":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
    const payload = `{"query":"query ($f: FilterInput) { events(input: {filter: $f}) { tookMs } }","variables":{"f":${variables}}}`;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const { status, errors } = await api.send({ method: 'POST', url: '/graphql', headers, payload });
    expect({ status, code: errors[0]?.extensions.code }).toEqual({ status: 422, code: 'query_too_expensive' });
  });

  it('documents of too many tokens, or nested beyond the parser', async () => {
    for (const query of [`{ ${'a '.repeat(4_000)} }`, '{ a '.repeat(3_000), `{ a(b: ${'['.repeat(3_900)}`]) {
      const { status, errors } = await api.ask(query, token);
      expect({ status, code: errors[0]?.extensions.code }).toEqual({ status: 400, code: 'invalid_request' });
    }
  });

  it('bodies that are too large', async () => {
    const { status, errors } = await api.ask({ query: `{ me { role } } #${'x'.repeat(300_000)}` }, token);
    expect({ status, code: errors[0]?.extensions.code }).toEqual({ status: 413, code: 'body_too_large' });
  });

  it('several operations in one request', async () => {
    const { status, errors } = await api.ask(
      [{ query: '{ me { role } }' }, { query: '{ me { role } }' }] as never,
      token,
    );
    expect({ status, code: errors[0]?.extensions.code }).toEqual({ status: 400, code: 'invalid_request' });
  });

  it('a syntax tree instead of text', async () => {
    const tree = {
      kind: 'Document',
      definitions: [
        { kind: 'OperationDefinition', operation: 'query', selectionSet: { kind: 'SelectionSet', selections: [] } },
      ],
    };
    for (const query of [JSON.stringify(tree), '{}', 'null', '[]', '1']) {
      const { status, errors } = await api.ask(query, token);
      expect({ status, code: errors[0]?.extensions.code }).toEqual({ status: 400, code: 'invalid_request' });
    }
  });
});

it('lets the introspection of explorers through', async () => {
  const { errors, data } = await api.ask(
    getIntrospectionQuery({ descriptions: true, schemaDescription: true, inputValueDeprecation: true }),
    null,
  );
  expect(errors).toEqual([]);
  expect(data.__schema.types.length).toBeGreaterThan(50);
});
