import { hashKey, keyKindOf } from '@productgraph/contracts';
import { PROJECT_DEFAULTS } from '@productgraph/domain-tenant';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Api, type Loose, NOW, startApi } from '../testing/api.ts';

let api: Api;
let owner: string;
beforeEach(async () => {
  api = await startApi();
  owner = api.token('owner');
});
afterEach(() => api.close());

async function data(query: string, token: string = owner, variables: object = {}): Promise<Loose> {
  const { errors, data } = await api.ask({ query, variables }, token);
  expect(errors).toEqual([]);
  return data;
}

async function fault(query: string, token: string = owner): Promise<Loose> {
  const { errors, status } = await api.ask(query, token);
  expect(status).toBe(200);
  expect(errors).toHaveLength(1);
  return { code: errors[0]?.extensions.code, faults: errors[0]?.extensions.faults, message: errors[0]?.message };
}

const PROJECT = `id name timeZone retentionDays sessionIdleMinutes sessionMaxHours createdAt settledUpTo quota { eventsPerSecond eventsPerMonth }
  limits { events bodyBytes eventBytes idLength textLength depth keys }`;

describe('me', () => {
  it('tells who asks with a token of the organisation', async () => {
    const { me } = await data(
      '{ me { keyId role organisation { id name createdAt } project { id } actions } }',
      api.token('viewer'),
    );
    expect(me).toMatchObject({
      role: 'viewer',
      organisation: { id: api.acme.id, name: 'Acme', createdAt: new Date(NOW).toISOString() },
      project: null,
      actions: ['query.run', 'project.read'],
    });
  });

  it("leaves out the organisation's affairs for a token of one project", async () => {
    const { me } = await data('{ me { project { name } actions } }', api.token('owner', api.shop.id));
    expect(me.project).toEqual({ name: 'Shop' });
    expect(me.actions).toContain('key.change');
    expect(me.actions).not.toContain('project.create');
  });
});

describe('projects', () => {
  it('are all of the organisation, or the one of the token', async () => {
    expect((await data('{ projects { name } }')).projects).toEqual([{ name: 'Shop' }, { name: 'Blog' }]);
    expect((await data('{ projects { name } }', api.token('viewer', api.blog.id))).projects).toEqual([
      { name: 'Blog' },
    ]);
  });

  it('show what is in force', async () => {
    const { project } = await data(`{ project(id: "${api.shop.id}") { ${PROJECT} } organisation { name } }`);
    expect(project).toEqual({
      id: api.shop.id,
      name: 'Shop',
      timeZone: 'Europe/Berlin',
      retentionDays: null,
      sessionIdleMinutes: 30,
      sessionMaxHours: 24,
      createdAt: new Date(NOW).toISOString(),
      settledUpTo: new Date(NOW - 86_400_000).toISOString(),
      quota: { eventsPerSecond: null, eventsPerMonth: null },
      limits: {
        events: 1000,
        bodyBytes: 10_485_760,
        eventBytes: 102_400,
        idLength: 200,
        textLength: 8192,
        depth: 16,
        keys: 1000,
      },
    });
  });

  it('are made with the defaults of the domain', async () => {
    const { createProject } = await data('mutation { createProject(input: {name: "App"}) { id name } }');
    const made = await api.tenants.project(api.acme.id, createProject.id as string);
    expect(made).toEqual({
      ...PROJECT_DEFAULTS,
      id: createProject.id,
      name: 'App',
      orgId: api.acme.id,
      createdAt: NOW,
    });
  });

  it('are made and changed in every setting', async () => {
    const settings = `timeZone: "Asia/Tokyo", retentionDays: 30, sessionIdleMinutes: 10, sessionMaxHours: 2,
      limits: {events: 10, keys: 1000}, quota: {eventsPerSecond: 5, eventsPerMonth: 9000000000}`;
    const { createProject } = await data(`mutation { createProject(input: {name: "App", ${settings}}) { id } }`);
    const id = createProject.id as string;
    const made = {
      name: 'App',
      timeZone: 'Asia/Tokyo',
      retentionDays: 30,
      sessionIdleMinutes: 10,
      sessionMaxHours: 2,
      limits: { events: 10 },
      quota: { eventsPerSecond: 5, eventsPerMonth: 9_000_000_000 },
    };
    expect(await api.tenants.project(api.acme.id, id)).toMatchObject(made);

    const change = 'retentionDays: null, limits: {events: null, depth: 3}, quota: {eventsPerSecond: null}';
    await data(`mutation { updateProject(id: "${id}", input: {${change}}) { id } }`);
    expect(await api.tenants.project(api.acme.id, id)).toMatchObject({
      ...made,
      retentionDays: null,
      limits: { depth: 3 },
      quota: { eventsPerSecond: null, eventsPerMonth: 9_000_000_000 },
    });

    const rest = 'name: "App 2", timeZone: "UTC", sessionIdleMinutes: 1, sessionMaxHours: 72';
    const { updateProject } = await data(`mutation { updateProject(id: "${id}", input: {${rest}}) { ${PROJECT} } }`);
    expect(updateProject).toMatchObject({ name: 'App 2', timeZone: 'UTC', sessionIdleMinutes: 1, sessionMaxHours: 72 });
  });

  it('with faults are refused, all of them told', async () => {
    const input =
      '{name: " ", timeZone: "Mars", retentionDays: 0, sessionIdleMinutes: 0, sessionMaxHours: 99, limits: {events: 2000}, quota: {eventsPerSecond: 0}}';
    const told = await fault(`mutation { createProject(input: ${input}) { id } }`);
    expect(told.code).toBe('invalid_request');
    const fields = (told.faults as string[]).map((text) => text.split(':')[0]);
    expect(fields).toEqual([
      'name',
      'timeZone',
      'retentionDays',
      'sessionIdleMinutes',
      'sessionMaxHours',
      'limits.events',
      'quota.eventsPerSecond',
    ]);
  });

  it('of a name that is taken are a conflict', async () => {
    expect(await fault('mutation { createProject(input: {name: "Shop"}) { id } }')).toMatchObject({ code: 'conflict' });
  });
});

describe('keys', () => {
  const create = async (input: string, token = owner): Promise<Loose> =>
    (
      await data(
        `mutation { createKey(input: {${input}}) { secret key { id projectId kind name prefix role allowedOrigins createdAt disabledAt revokedAt } } }`,
        token,
      )
    ).createKey;

  it('are shown once and stored as a hash', async () => {
    const { secret, key } = await create(
      `projectId: "${api.shop.id}", kind: pgw, name: "web", allowedOrigins: ["https://shop.example"]`,
    );
    expect(keyKindOf(secret as string)).toBe('pgw');
    expect(await api.tenants.findByHash(hashKey(secret as string))).toMatchObject({ key: { id: key.id } });
    expect(key).toEqual({
      id: expect.any(String),
      projectId: api.shop.id,
      kind: 'pgw',
      name: 'web',
      prefix: (secret as string).slice(0, 10),
      role: null,
      allowedOrigins: ['https://shop.example'],
      createdAt: new Date(NOW).toISOString(),
      disabledAt: null,
      revokedAt: null,
    });
    const { text } = await api.ask(`{ keys { id name prefix } }`, owner);
    expect(text).not.toContain(secret);
  });

  it.each([
    ['an API token without a role', 'kind: pgt, name: "x"', { projectId: null, role: 'viewer' }],
    ['an API token with a role', 'kind: pgt, name: "x", role: admin', { projectId: null, role: 'admin' }],
  ])('%s opens the whole organisation', async (_what, input, expected) => {
    const { secret, key } = await create(input);
    expect(key).toMatchObject(expected);
    expect((await data('{ projects { name } }', secret as string)).projects).toHaveLength(2);
  });

  it('of a token of one project are for that project', async () => {
    const token = api.token('admin', api.shop.id);
    expect((await create('kind: pgt, name: "x"', token)).key).toMatchObject({ projectId: api.shop.id });
    expect((await create('kind: pgs, name: "x"', token)).key).toMatchObject({ projectId: api.shop.id, role: null });
  });

  it.each([
    ['a write key with a role', 'kind: pgw, name: "x", role: viewer, projectId: "SHOP"', ['role']],
    ['a write key without a project where there are several', 'kind: pgw, name: "x"', undefined],
    [
      'a name that is none, an origin that is none',
      'kind: pgw, name: "", projectId: "SHOP", allowedOrigins: ["shop.example"]',
      ['name', 'allowedOrigins'],
    ],
  ])('%s is refused', async (_what, input, fields) => {
    const told = await fault(`mutation { createKey(input: {${input.replace('SHOP', api.shop.id)}}) { secret } }`);
    expect(told.code).toBe('invalid_request');
    expect((told.faults as string[] | undefined)?.map((text) => text.split(':')[0])).toEqual(fields);
  });

  it('are disabled, enabled and revoked, at once for this process', async () => {
    const { secret, key } = await create('kind: pgt, name: "x"');
    const id = key.id as string;
    const me = () => api.ask('{ me { role } }', secret as string);
    expect((await me()).status).toBe(200);
    const { disableKey } = await data(`mutation { disableKey(id: "${id}") { disabledAt } }`);
    expect(disableKey.disabledAt).toBe(new Date(NOW).toISOString());
    expect((await me()).errors[0]?.extensions.code).toBe('key_disabled');
    expect((await data(`mutation { enableKey(id: "${id}") { disabledAt } }`)).enableKey).toEqual({ disabledAt: null });
    expect((await me()).status).toBe(200);
    expect((await data(`mutation { revokeKey(id: "${id}") { revokedAt } }`)).revokeKey.revokedAt).not.toBeNull();
    expect(await me()).toMatchObject({ status: 401, errors: [{ extensions: { code: 'invalid_key' } }] });
    expect(await fault(`mutation { enableKey(id: "${id}") { id } }`)).toMatchObject({ code: 'conflict' });
  });

  it('of owners are made and changed by owners only', async () => {
    const { key } = await create('kind: pgt, name: "boss", role: owner');
    const admin = api.token('admin');
    expect(
      await fault('mutation { createKey(input: {kind: pgt, name: "x", role: owner}) { secret } }', admin),
    ).toMatchObject({ code: 'forbidden' });
    for (const change of ['disableKey', 'enableKey', 'revokeKey']) {
      expect(await fault(`mutation { ${change}(id: "${key.id}") { id } }`, admin)).toMatchObject({ code: 'forbidden' });
    }
  });

  it('are listed for one project or all', async () => {
    await create(`projectId: "${api.shop.id}", kind: pgw, name: "web"`);
    const names = async (field: string, token = owner): Promise<string[]> =>
      ((await data(`{ ${field} { name } }`, token)).keys as { name: string }[]).map(({ name }) => name);
    expect(await names('keys')).toEqual(['owner', 'web']);
    expect(await names(`keys(projectId: "${api.shop.id}")`)).toEqual(['web']);
    expect(await names('keys', api.token('admin', api.shop.id))).toEqual(['web', 'admin']);
  });
});

describe('members', () => {
  const put = (email: string, role: string) =>
    `mutation { putMember(email: "${email}", role: ${role}) { id email role createdAt } }`;

  it('are added, changed by address, and removed', async () => {
    const { putMember } = await data(put('Ann@acme.example', 'viewer'));
    expect(putMember).toEqual({
      id: expect.any(String),
      email: 'Ann@acme.example',
      role: 'viewer',
      createdAt: new Date(NOW).toISOString(),
    });
    await data(put('ann@ACME.example', 'analyst'));
    expect((await data('{ members { id role } }')).members).toEqual([{ id: putMember.id, role: 'analyst' }]);
    expect(await data(`mutation { removeMember(id: "${putMember.id}") }`)).toEqual({ removeMember: true });
    expect((await data('{ members { id } }')).members).toEqual([]);
    expect(await fault(`mutation { removeMember(id: "${putMember.id}") }`)).toMatchObject({ code: 'not_found' });
  });

  it('need an address', async () => {
    expect(await fault(put('ann', 'viewer'))).toMatchObject({
      code: 'invalid_request',
      faults: ['email: has to be an e-mail address'],
    });
  });

  it('that own are made, changed and removed by owners only', async () => {
    const { putMember } = await data(put('boss@acme.example', 'owner'));
    const admin = api.token('admin');
    expect(await fault(put('x@acme.example', 'owner'), admin)).toMatchObject({ code: 'forbidden' });
    expect(await fault(put('BOSS@acme.example', 'viewer'), admin)).toMatchObject({ code: 'forbidden' });
    expect(await fault(`mutation { removeMember(id: "${putMember.id}") }`, admin)).toMatchObject({ code: 'forbidden' });
    expect(await fault(`mutation { removeMember(id: "${putMember.id}") }`)).toMatchObject({ code: 'conflict' });
  });
});

it('the audit log, newest first and bounded', async () => {
  await data('mutation { createProject(input: {name: "App"}) { id } }');
  await data(`mutation { updateProject(id: "${api.shop.id}", input: {name: "Shop 2"}) { id } }`);
  const { auditLog } = await data('{ auditLog { id at actor action target details } }');
  expect(auditLog).toMatchObject([
    { action: 'project.change', details: { retentionDays: 30 } },
    { action: 'project.create' },
  ]);
  expect(auditLog[0].actor).toBe((await data('{ me { keyId } }')).me.keyId);
  expect((await data('{ auditLog(first: 1) { id } }')).auditLog).toHaveLength(1);
  expect(await fault('{ auditLog(first: 0) { id } }')).toMatchObject({ code: 'invalid_request' });
});

it('several changes in one request stand by themselves', async () => {
  const { errors, data: done } = await api.ask(
    `mutation { a: createKey(input: {kind: pgt, name: "x"}) { secret } b: createProject(input: {name: "Shop"}) { id } }`,
    owner,
  );
  expect(keyKindOf(done.a.secret as string)).toBe('pgt');
  expect(done.b).toBeNull();
  expect(errors).toMatchObject([{ path: ['b'], extensions: { code: 'conflict' } }]);
});
