// @ts-check
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Nx plugin: gives every npm workspace its target `test` and a tag `project:<name>`, so that no project
 * repeats them. Its inputs are the `targetDefaults` of nx.json.
 */
export const createNodesV2 = /** @type {const} */ ([
  '{apps,libs,e2e,bench,tools}/**/package.json',
  (
    /** @type {readonly string[]} */ files,
    /** @type {unknown} */ _options,
    /** @type {{ workspaceRoot: string }} */ context,
  ) => files.map((file) => [file, nodesOf(file, context.workspaceRoot)]),
]);

/** @param {string} file @param {string} workspaceRoot */
function nodesOf(file, workspaceRoot) {
  const root = dirname(file);
  const manifest = JSON.parse(readFileSync(join(workspaceRoot, file), 'utf8'));
  const name = shortName(manifest.name);
  const report = `.cache/unit/${name}.json`;
  const project = {
    projectType: root.startsWith('apps/') ? 'application' : 'library',
    tags: [`project:${name}`],
    targets: {
      test: {
        command: `vitest run --dir ${root} --reporter=default --reporter=json --outputFile.json=${report}`,
        outputs: [`{workspaceRoot}/${report}`],
      },
    },
  };
  return { projects: { [root]: project } };
}

/** @param {string} packageName */
function shortName(packageName) {
  return packageName.replace(/^@productgraph\//u, '');
}
