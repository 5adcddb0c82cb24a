import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeRunNote } from '@productgraph/platform-runtime';
import { afterAll, expect, it } from 'vitest';
import { loadCliConfig } from './config.ts';
import { serverUrl } from './server.ts';

const folder = mkdtempSync(join(tmpdir(), 'productgraph-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

const config = (more: Readonly<Record<string, string>> = {}) => loadCliConfig({ DATA_DIR: folder, ...more });

it('the server is the one that is named, else the one that runs on the data folder', () => {
  const remove = writeRunNote(folder, { pid: process.pid, url: 'http://here:1', databaseUrl: '', startedAt: 0 });
  expect(serverUrl(config(), undefined)).toBe('http://here:1');
  expect(serverUrl(config({ PRODUCTGRAPH_URL: 'http://there:2' }), undefined)).toBe('http://there:2');
  expect(serverUrl(config({ PRODUCTGRAPH_URL: 'http://there:2' }), 'http://told:3')).toBe('http://told:3');
  remove();
});

it('and never another one that happens to listen: what was looked for is said', () => {
  expect(() => serverUrl(config({ PORT: '8080' }), undefined)).toThrow(`No server runs on the data folder ${folder}: `);
});
