import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readProjects } from '../build/projects.ts';
import { generate, KINDS } from './generate.ts';

/** Every kind is generated into one copy of the workspace, which is then checked as the real one is. */
const root = join(import.meta.dirname, '../../..');
const copied = [
  'package.json',
  'package-lock.json',
  'nx.json',
  'tsconfig.base.json',
  'eslint.config.js',
  'eslint.boundaries.js',
  'vitest.config.ts',
  '.prettierrc.json',
  'tools/nx',
  'libs/contracts',
  'libs/kernel',
  'libs/domain/event',
  'libs/platform/telemetry/package.json',
];
const made = {
  processor: 'libs/processors/stock-level',
  adapter: 'libs/adapters/stock-level',
  domain: 'libs/domain/stock-level',
};
let copy = '';

/** Output of a failed command, '' of one that worked. */
function complaints(command: string, args: readonly string[]): string {
  const env = { ...process.env, NX_DAEMON: 'false', NX_WORKSPACE_ROOT_PATH: copy, VITEST: undefined, NO_COLOR: '1' };
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: copy, env, encoding: 'utf8' });
  return status === 0 ? '' : `${command} ${args.join(' ')}: ${stdout}${stderr}`;
}

/** npm's packages are those of the real workspace, ours those of the copy: as `npm install` would link them. */
function linkModules(): void {
  const modules = join(copy, 'node_modules');
  mkdirSync(join(modules, '@productgraph'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== '@productgraph') symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  for (const { packageName, folder } of readProjects(copy)) symlinkSync(join(copy, folder), join(modules, packageName));
}

beforeAll(async () => {
  copy = mkdtempSync(join(tmpdir(), 'productgraph-new-'));
  for (const path of copied) cpSync(join(root, path), join(copy, path), { recursive: true });
  for (const kind of KINDS) await generate({ root: copy, kind, name: 'stock-level' });
  linkModules();
});

afterAll(() => {
  rmSync(copy, { recursive: true, force: true });
});

it('does not overwrite a project', async () => {
  await expect(generate({ root: copy, kind: 'domain', name: 'event' })).rejects.toThrow('libs/domain/event exists');
});

it('tags and names the package after its kind', () => {
  const manifest = JSON.parse(readFileSync(join(copy, made.domain, 'package.json'), 'utf8'));
  expect(manifest).toMatchObject({
    name: '@productgraph/domain-stock-level',
    nx: { tags: ['layer:domain', 'scope:stock-level'] },
  });
});

it('makes parts that type-check', () => {
  const tsconfig = { extends: './tsconfig.base.json', include: Object.values(made) };
  writeFileSync(join(copy, 'tsconfig.json'), JSON.stringify(tsconfig));
  expect(complaints('tsc', ['--noEmit'])).toBe('');
}, 60_000);

it('makes parts that are formatted, linted and keep the boundaries', () => {
  expect(complaints('prettier', ['--check', ...Object.values(made)])).toBe('');
  expect(complaints('nx', ['show', 'projects'])).toBe('');
  expect(complaints('eslint', ['--max-warnings=0', ...Object.values(made)])).toBe('');
}, 120_000);

it('makes specs that pass', () => {
  expect(complaints('vitest', ['run', ...Object.values(made)])).toBe('');
}, 60_000);
