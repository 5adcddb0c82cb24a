import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as esbuild from 'esbuild';

/**
 * Bundles the explorer page into `dist/explorer/` of this lib, which goes with every build that has the GraphQL edge: the
 * page, the editor's workers, and a gzip form of each beside it (browsers take brotli over TLS only). Part of `npm run build`.
 */
const from = import.meta.dirname;
const to = join(from, '../dist/explorer');

const ENTRIES = {
  main: join(from, 'main.mjs'),
  'editor.worker': 'monaco-editor/esm/vs/editor/editor.worker.js',
  'json.worker': 'monaco-editor/esm/vs/language/json/json.worker.js',
  'graphql.worker': 'monaco-graphql/esm/graphql.worker.js',
};

async function main(): Promise<void> {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  const { outputFiles } = await esbuild.build({
    absWorkingDir: from,
    entryPoints: ENTRIES,
    outdir: to,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    write: false,
    legalComments: 'none',
    define: { 'process.env.NODE_ENV': '"production"' },
    loader: { '.ttf': 'dataurl' },
    logLevel: 'error',
  });
  for (const { path, contents } of outputFiles) {
    writeFileSync(path, contents);
    writeFileSync(`${path}.gz`, gzipSync(contents));
  }
  copyFileSync(join(from, 'index.html'), join(to, 'index.html'));
  writeFileSync(join(to, 'LICENSES.txt'), licences());
}

/** What the bundle contains of others, as their licences ask. */
function licences(): string {
  const packages = ['graphiql', 'monaco-editor', 'monaco-graphql', 'graphql', 'react'];
  const root = join(from, '../../../../node_modules');
  return packages.map((name) => `${name}\n\n${readFileSync(join(root, name, 'LICENSE'), 'utf8')}`).join('\n\n---\n\n');
}

await main();
