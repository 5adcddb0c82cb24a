import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Files that no app imports and that still decide what a build gives. */
const always = [
  'package-lock.json',
  'tsconfig.base.json',
  '{apps,libs}/**/package.json',
  '{apps,libs}/**/tsconfig.json',
  'tools/src/build.ts',
  'tools/src/build/*.ts',
];

/** What one build depends on, from the root: single files, and folders with everything below them. */
export interface Inputs {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

interface Stamp extends Inputs {
  readonly hash: string;
}

const stampFile = (output: string): string => join(output, '.build.json');

/** True when everything the last build into `output` depended on is as it was then. */
export function isFresh(root: string, output: string): boolean {
  if (!existsSync(stampFile(output)) || !existsSync(join(output, 'main.js'))) return false;
  const { hash, ...inputs } = JSON.parse(readFileSync(stampFile(output), 'utf8')) as Stamp;
  return inputs.files.every((file) => existsSync(join(root, file))) && hashOf(root, inputs) === hash;
}

/** Keeps the state of `inputs` beside the build. */
export function writeStamp(root: string, output: string, inputs: Inputs): void {
  const stamp: Stamp = { ...inputs, hash: hashOf(root, inputs) };
  writeFileSync(stampFile(output), JSON.stringify(stamp));
}

function hashOf(root: string, { files, folders }: Inputs): string {
  const found = globSync([...always, ...folders.map((folder) => `${folder}/**/*`)], {
    cwd: root,
    exclude: ['**/node_modules/**'],
  });
  const hash = createHash('sha256');
  for (const file of [...found.sort(), ...files]) {
    if (!statSync(join(root, file)).isFile()) continue;
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)))
      .update('\0');
  }
  return hash.digest('hex');
}
