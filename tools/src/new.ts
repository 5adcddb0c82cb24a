import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { generate, isKind, KINDS } from './generator/generate.ts';

/** `npm run new -- processor|adapter|domain <name>`: a new part in the house style, linked into the workspace. */
async function main([kind = '', name = '']: readonly string[]): Promise<number> {
  if (!isKind(kind) || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    console.error(`Usage: npm run new -- ${KINDS.join('|')} <name>   (lower case, words joined by hyphens)`);
    return 2;
  }
  const root = join(import.meta.dirname, '../..');
  const files = await generate({ root, kind, name });
  for (const file of files) console.log(`Wrote ${file}`);
  // Links node_modules/@productgraph/<package> and writes the workspace into package-lock.json.
  return spawnSync('npm', ['install', '--no-audit', '--no-fund'], { cwd: root, stdio: 'inherit' }).status ?? 1;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
