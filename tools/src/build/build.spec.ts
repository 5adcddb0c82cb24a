import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bundle } from './bundle.ts';
import { readProjects } from './projects.ts';
import { isFresh, writeStamp } from './stamp.ts';

let root = '';

function write(files: Record<string, string>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = join(root, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

async function build(): Promise<string> {
  const output = join(root, 'dist/demo');
  writeStamp(root, output, await bundle({ root, app: 'demo', output, projects: readProjects(root) }));
  return output;
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'productgraph-build-'));
  write({
    'package.json': JSON.stringify({ name: 'root', type: 'module', workspaces: ['apps/*', 'libs/*'] }),
    'apps/demo/package.json': JSON.stringify({ name: '@productgraph/demo' }),
    'apps/demo/src/main.ts': `
      import { words } from '@productgraph/store';
      console.log(words());
    `,
    'libs/store/package.json': JSON.stringify({
      name: '@productgraph/store',
      exports: { '.': './src/index.ts' },
      productgraph: { assets: ['words'] },
    }),
    'libs/store/src/index.ts': `
      import { readFileSync } from 'node:fs';
      export const words = (): string => readFileSync(new URL('../words/hello.txt', import.meta.url), 'utf8');
    `,
    'libs/store/words/hello.txt': 'hello',
  });
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

it('bundles workspaces and finds their assets beside the bundle', async () => {
  const output = await build();
  rmSync(join(root, 'libs'), { recursive: true });
  const { stdout, stderr } = spawnSync(process.execPath, [join(output, 'main.js')], { encoding: 'utf8' });
  expect({ stdout, stderr }).toEqual({ stdout: 'hello\n', stderr: '' });
});

it('runs the script of a project that makes its assets, and looks at what it is made from', async () => {
  const manifest = JSON.parse(readFileSync(join(root, 'libs/store/package.json'), 'utf8')) as object;
  const script = `
    import { mkdirSync, writeFileSync } from 'node:fs';
    mkdirSync(new URL('../words', import.meta.url), { recursive: true });
    writeFileSync(new URL('../words/hello.txt', import.meta.url), 'made');
  `;
  write({
    'libs/store/package.json': JSON.stringify({
      ...manifest,
      type: 'module',
      productgraph: { assets: ['words'], prebuild: 'source/make.ts' },
    }),
    'libs/store/source/make.ts': script,
  });
  rmSync(join(root, 'libs/store/words'), { recursive: true });
  const output = await build();
  expect(spawnSync(process.execPath, [join(output, 'main.js')], { encoding: 'utf8' }).stdout).toBe('made\n');
  expect(isFresh(root, output)).toBe(true);
  write({ 'libs/store/source/make.ts': `${script}\n` });
  expect(isFresh(root, output)).toBe(false);
});

it.each([
  ['a source changes', 'apps/demo/src/main.ts', 'console.log(1);'],
  ['an asset changes', 'libs/store/words/hello.txt', 'bye'],
  ['an asset is added', 'libs/store/words/bye.txt', 'bye'],
  ['the lock changes', 'package-lock.json', '{}'],
])('builds again when %s', async (_what, file, content) => {
  const output = await build();
  expect(isFresh(root, output)).toBe(true);
  write({ [file]: content });
  expect(isFresh(root, output)).toBe(false);
});

it('builds again when a source is gone', async () => {
  const output = await build();
  rmSync(join(root, 'libs/store/src/index.ts'));
  expect(isFresh(root, output)).toBe(false);
});

it.each([
  ['an app that does not exist', { 'apps/demo/src/main.ts': undefined }, /There is no app "demo"/],
  ['an import of no workspace', { 'apps/demo/src/main.ts': `import '@productgraph/nope';` }, /No workspace exports/],
])('refuses %s', async (_what, files, message) => {
  for (const [name, content] of Object.entries(files)) {
    if (content === undefined) rmSync(join(root, name));
    else write({ [name]: content });
  }
  await expect(build()).rejects.toThrow(message);
});
