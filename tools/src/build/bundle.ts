import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import * as esbuild from 'esbuild';
import { type Project } from './projects.ts';
import { type Inputs } from './stamp.ts';

/** What `bundle` makes of which app. */
export interface BundleOptions {
  readonly root: string;
  readonly app: string;
  /** Folder that gets `main.js`, its source map and `assets/`. */
  readonly output: string;
  readonly projects: readonly Project[];
}

/**
 * Bundles one app: this repository's own code in one ESM file for Node 24, npm packages as they are installed.
 * Assets of the projects in it go to `assets/<project>/<folder>`, and `import.meta.url` in a project with assets stands
 * for its place there, so `new URL('../migrations/', import.meta.url)` is right from source and from the bundle.
 * @returns what the result depends on
 * @throws when the app does not exist, does not compile, a prebuild script fails, or an asset folder is missing
 */
export async function bundle({ root, app, output, projects }: BundleOptions): Promise<Inputs> {
  const entry = join(root, 'apps', app, 'src/main.ts');
  if (!existsSync(entry)) throw new Error(`There is no app "${app}": apps/${app}/src/main.ts is missing.`);
  const result = await esbuild.build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: join(output, 'main.js'),
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    packages: 'external',
    sourcemap: true,
    metafile: true,
    logLevel: 'silent',
    plugins: [workspaces(root, projects), assetUrls(root, projects)],
  });
  const files = Object.keys(result.metafile.inputs);
  const bundled = projects.filter(({ folder }) => files.some((source) => source.startsWith(`${folder}/`)));
  const made = bundled.flatMap((project) => makeAssets(root, project));
  const folders = [...made, ...bundled.flatMap((project) => copyAssets(root, output, project))];
  return { files, folders };
}

/** Resolves `@productgraph/<name>` to its source; every other package stays an import. */
function workspaces(root: string, projects: readonly Project[]): esbuild.Plugin {
  const byName = new Map(projects.map((project) => [project.packageName, project]));
  return {
    name: 'workspaces',
    setup(build) {
      build.onResolve({ filter: /^@productgraph\// }, ({ path }) => {
        const packageName = path.split('/', 2).join('/');
        const project = byName.get(packageName);
        const file = project?.exports[`.${path.slice(packageName.length)}`];
        if (!project || file === undefined) return { errors: [{ text: `No workspace exports "${path}"` }] };
        return { path: join(root, project.folder, file) };
      });
    },
  };
}

function assetUrls(root: string, projects: readonly Project[]): esbuild.Plugin {
  const withAssets = projects.filter(({ assets }) => assets.length > 0);
  return {
    name: 'asset-urls',
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const file = relative(root, path);
        const project = withAssets.find(({ folder }) => file.startsWith(`${folder}/`));
        if (!project) return undefined;
        const place = `./assets/${project.name}${file.slice(project.folder.length)}`;
        const url = `new URL(${JSON.stringify(place)}, import.meta.url).href`;
        return { contents: readFileSync(path, 'utf8').replaceAll('import.meta.url', url), loader: 'ts' };
      });
    },
  };
}

/** Runs the project's own script for assets that are made; answers what they are made from. */
function makeAssets(root: string, { folder, prebuild }: Project): readonly string[] {
  if (prebuild === null) return [];
  execFileSync(process.execPath, [join(root, folder, prebuild)], { stdio: ['ignore', 'ignore', 'inherit'] });
  return [join(folder, dirname(prebuild))];
}

function copyAssets(root: string, output: string, { name, folder, assets }: Project): readonly string[] {
  return assets.map((asset) => {
    const from = join(folder, asset);
    if (!existsSync(join(root, from))) throw new Error(`${folder}/package.json: there is no asset "${asset}".`);
    cpSync(join(root, from), join(output, 'assets', name, asset), { recursive: true });
    return from;
  });
}
