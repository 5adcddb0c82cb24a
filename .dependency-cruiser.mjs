// @ts-check
/** Import cycles between files, types included, and what only specs may import; boundaries between projects are eslint.boundaries.js. */
const specs = ['\\.spec\\.ts$', '/spec-[^/]+\\.ts$', '/src/testing/'];

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycle',
      comment: 'Two files that import each other are one file, or share a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'not-from-specs',
      comment: 'Specs and their helpers may import what the product may not: the product keeps off them.',
      severity: 'error',
      from: { pathNot: [...specs, '^e2e/'] },
      to: { path: specs },
    },
    {
      name: 'no-unresolvable',
      comment: 'An import that leads nowhere hides a cycle.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^node:' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|\\.cache|generated)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs'],
    },
  },
};
