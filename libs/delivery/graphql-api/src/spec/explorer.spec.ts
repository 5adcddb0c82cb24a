import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fastify, type FastifyInstance } from 'fastify';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createExplorerPage, wantsExplorer } from '../explorer/page.ts';
import { type Api, startApi } from '../testing/api.ts';

describe('files of the explorer', () => {
  let app: FastifyInstance;
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'productgraph-explorer-'));
    mkdirSync(join(folder, 'dist'));
    writeFileSync(join(folder, 'secret.txt'), 'secret');
    writeFileSync(join(folder, 'dist/index.html'), '<title>x</title>');
    writeFileSync(join(folder, 'dist/main.js'), 'script');
    writeFileSync(join(folder, 'dist/main.js.gz'), gzipSync('script'));
    const page = createExplorerPage(pathToFileURL(`${join(folder, 'dist')}/`));
    app = fastify();
    app.get('/:name', (request, reply) => page.send(request, reply, (request.params as { name: string }).name));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['index.html', 'text/html; charset=utf-8', '<title>x</title>'],
    ['main.js', 'text/javascript; charset=utf-8', 'script'],
  ])('%s', async (name, type, body) => {
    const response = await app.inject({ url: `/${name}` });
    expect(response.body).toBe(body);
    expect(response.headers).toMatchObject({
      'content-type': type,
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      etag: expect.stringMatching(/^"\S{22}"$/),
    });
    const policy = String(response.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'; script-src 'self';");
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval/);
  });

  it('go out compressed to those who take it', async () => {
    const { headers, rawPayload } = await app.inject({ url: '/main.js', headers: { 'accept-encoding': 'br, gzip' } });
    expect(headers['content-encoding']).toBe('gzip');
    expect(rawPayload).toEqual(gzipSync('script'));
    const page = await app.inject({ url: '/index.html', headers: { 'accept-encoding': 'gzip' } });
    expect(page.headers).not.toHaveProperty('content-encoding');
  });

  it('are not sent again when they did not change', async () => {
    const { etag } = (await app.inject({ url: '/main.js' })).headers;
    const again = await app.inject({ url: '/main.js', headers: { 'if-none-match': String(etag) } });
    expect({ status: again.statusCode, body: again.body }).toEqual({ status: 304, body: '' });
  });

  it.each(['nope.js', '..%2Fsecret.txt', '%2e%2e%2fsecret.txt', 'main.js.gz', '.', '__proto__'])(
    'and nothing else: %s',
    async (name) => {
      const { body } = await app.inject({ url: `/${name}` });
      expect(body).not.toContain('"secret"');
      expect(JSON.parse(body)).toMatchObject({ code: 'not_found' });
    },
  );

  it('are missing before the first build', async () => {
    const page = createExplorerPage(pathToFileURL(`${join(folder, 'nothing')}/`));
    await expect(page.send(null as never, null as never, 'index.html')).rejects.toThrow('npm run build');
  });
});

it.each([
  ['a browser', { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }, {}, true],
  ['a browser with a query in the address', { accept: 'text/html' }, { query: '{ me { role } }' }, false],
  ['a browser with a persisted query in the address', { accept: 'text/html' }, { extensions: '{}' }, false],
  ['a program', { accept: 'application/json' }, {}, false],
  ['curl', { accept: '*/*' }, {}, false],
  ['nothing said', {}, {}, false],
])('GET /graphql by %s', (...[_what, headers, query, expected]) => {
  expect(wantsExplorer({ method: 'GET', headers, query } as never)).toBe(expected);
  expect(wantsExplorer({ method: 'POST', headers, query } as never)).toBe(false);
});

describe('in the edge', () => {
  let api: Api;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  it('its address answers with a page, or with the house’s error body', async () => {
    const { status, text } = await api.send({ url: '/explorer' });
    expect(status === 200 ? text : JSON.parse(text)).toEqual(
      status === 200
        ? expect.stringContaining('<title>ProductGraph explorer')
        : { error: expect.objectContaining({ code: 'not_found' }) },
    );
    const missing = await api.send({ url: '/explorer/nope.js' });
    expect(JSON.parse(missing.text)).toEqual({
      error: { code: 'not_found', message: expect.any(String), request_id: 'req-7' },
    });
    expect(missing.status).toBe(404);
  });

  it('its example questions can be asked', async () => {
    const file = new URL('../../explorer/examples.mjs', import.meta.url).href;
    const { examples } = (await import(file)) as { examples: readonly string[] };
    expect(examples).toHaveLength(5);
    for (const query of examples) {
      expect((await api.ask(query, api.token('analyst', api.shop.id))).errors).toEqual([]);
    }
  });
});
