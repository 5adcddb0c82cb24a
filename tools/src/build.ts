import { globSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { bundle } from './build/bundle.ts';
import { isFresh, writeStamp } from './build/stamp.ts';
import { readProjects } from './build/projects.ts';

/**
 * `node tools/src/build.ts [app …]`: bundles `apps/<app>/src/main.ts` (all apps by default) into `dist/<app>/`.
 * An app whose sources, assets and lock are those of its last build is left as it is.
 */
const root = join(import.meta.dirname, '../..');

async function main(names: readonly string[]): Promise<void> {
  const projects = readProjects(root);
  const apps = names.length > 0 ? names : allApps();
  for (const app of apps) {
    const output = join(root, 'dist', app);
    if (isFresh(root, output)) continue;
    const begin = performance.now();
    // Beside the old build, which stays until the new one is whole.
    const fresh = join(root, 'dist', `.${app}-${process.pid}`);
    try {
      writeStamp(root, fresh, await bundle({ root, app, output: fresh, projects }));
      rmSync(output, { recursive: true, force: true });
      renameSync(fresh, output);
    } finally {
      rmSync(fresh, { recursive: true, force: true });
    }
    console.error(`Built ${app} in ${((performance.now() - begin) / 1000).toFixed(1)} s`);
  }
}

function allApps(): string[] {
  return globSync('apps/*/src/main.ts', { cwd: root }).map((file) => basename(join(file, '../..')));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
