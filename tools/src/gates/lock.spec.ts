import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

interface Locked {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const lock = JSON.parse(readFileSync(join(import.meta.dirname, '../../../package-lock.json'), 'utf8')) as {
  packages: Readonly<Record<string, Locked>>;
};

/** Folders in which a package at `path` finds its dependencies, nearest first. */
function folders(path: string): string[] {
  const outer = path.lastIndexOf('/node_modules/');
  const above = path === '' ? [] : outer > 0 ? folders(path.slice(0, outer)) : folders('');
  return [path === '' ? 'node_modules' : `${path}/node_modules`, ...above];
}

/** `npm ci` refuses a lock without the packages of other platforms, which npm leaves out when a registry lacks them. */
it('names every optional package, also those of other platforms', () => {
  const missing = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !folders(path).some((folder) => `${folder}/${name}` in lock.packages))
      .map((name) => `${path} → ${name}`),
  );
  expect(missing).toEqual([]);
});
