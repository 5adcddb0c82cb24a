import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** An npm workspace of this repository, as far as builds need it. */
export interface Project {
  /** Without the npm scope: `adapter-postgres`. */
  readonly name: string;
  readonly packageName: string;
  /** Folder from the repository's root. */
  readonly folder: string;
  /** What its package.json exports: subpath (`.`) → file from its folder. */
  readonly exports: Readonly<Record<string, string>>;
  /** Folders that go with a build, from its folder (`productgraph.assets` of its package.json). */
  readonly assets: readonly string[];
  /** Script that makes assets, from its folder (`productgraph.prebuild`); the folder that it lies in is all it depends on. */
  readonly prebuild: string | null;
}

interface Manifest {
  readonly name: string;
  readonly workspaces?: readonly string[];
  readonly exports?: Readonly<Record<string, string>>;
  readonly productgraph?: { readonly assets?: readonly string[]; readonly prebuild?: string };
}

/** All workspaces of the repository at `root`, by folder. */
export function readProjects(root: string): readonly Project[] {
  const patterns = (readManifest(join(root, 'package.json')).workspaces ?? []).map((path) => `${path}/package.json`);
  return globSync(patterns, { cwd: root })
    .sort()
    .map((file) => {
      const manifest = readManifest(join(root, file));
      return {
        name: manifest.name.replace('@productgraph/', ''),
        packageName: manifest.name,
        folder: dirname(file),
        exports: manifest.exports ?? {},
        assets: manifest.productgraph?.assets ?? [],
        prebuild: manifest.productgraph?.prebuild ?? null,
      };
    });
}

function readManifest(file: string): Manifest {
  return JSON.parse(readFileSync(file, 'utf8')) as Manifest;
}
