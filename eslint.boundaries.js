// @ts-check
import { globSync, readFileSync, readdirSync } from 'node:fs';

/**
 * Who may import whom (docs/architecture.md), as constraints of `@nx/enforce-module-boundaries`.
 * There is no list of exceptions, and none may be added.
 */

/** Layers each layer may import. A name with `project:` is one project. */
const layers = {
  contract: [],
  kernel: ['contract'],
  domain: ['contract', 'kernel'],
  adapter: ['contract', 'kernel', 'domain', 'project:platform-telemetry'],
  delivery: ['contract', 'kernel', 'domain', 'platform'],
  processor: ['contract', 'kernel', 'domain', 'platform'],
  platform: ['contract', 'kernel'],
  assembly: ['contract', 'kernel', 'domain', 'adapter', 'delivery', 'processor', 'platform', 'assembly'],
  app: ['contract', 'kernel', 'domain', 'adapter', 'delivery', 'processor', 'platform', 'assembly'],
  testing: ['contract', 'kernel', 'domain'],
  e2e: ['contract', 'testing', 'tools'],
  bench: ['contract', 'kernel', 'domain', 'adapter', 'delivery', 'processor', 'platform', 'tools'],
  tools: ['contract', 'kernel', 'platform'],
};

/** What specs may import besides: builders, contract suites and fakes. */
const forSpecs = ['testing', 'project:adapter-memory'];

/** What specs of some layers may import besides: the local stack of real servers, whose processes they kill. */
const forSpecsOf = { adapter: ['tools'], processor: ['tools'], assembly: ['tools'], app: ['tools'] };

const nest = ['@nestjs/*', 'reflect-metadata', 'rxjs'];

/** npm packages per layer; a layer that is not named here (bench, tools) may use any that package.json lists. */
const packages = {
  contract: ['zod'],
  kernel: [],
  delivery: [...nest, 'fastify', '@fastify/*', 'mercurius', 'graphql', 'graphiql', 'esbuild'],
  processor: [],
  platform: ['zod', 'pino', 'prom-client', '@opentelemetry/*', ...nest, 'fastify'],
  assembly: nest,
  app: [...nest, 'commander', 'cli-progress'],
  testing: ['vitest', 'fast-check'],
  e2e: ['vitest', 'fast-check'],
};

/** npm packages of one domain area, one adapter or one platform lib; none where it is not named. */
const ownPackages = {
  'domain/query': ['luxon'],
  'domain/event': ['isbot'],
  'adapters/clickhouse': ['@clickhouse/client'],
  'adapters/kafka': ['kafkajs'],
  'adapters/postgres': ['pg', 'pg-copy-streams', 'typeorm'],
  'adapters/redis': ['ioredis'],
  'platform/config': ['zod'],
  'platform/telemetry': ['pino', 'prom-client', '@opentelemetry/*'],
  'platform/runtime': [...nest, 'fastify'],
};

const prefixes = { domain: 'scope:', adapters: 'project:adapter-', platform: 'project:platform-' };
const specPackages = ['vitest', 'fast-check'];

/** Node's modules that code without I/O may use. */
export const pureBuiltins = ['zlib', 'crypto'];

/** @param {string} name */
const tag = (name) => (name.startsWith('project:') ? name : `layer:${name}`);

/** @param {boolean} spec */
function layerConstraints(spec) {
  return Object.entries(layers).map(([layer, allowed]) => ({
    sourceTag: `layer:${layer}`,
    onlyDependOnLibsWithTags: [
      ...allowed,
      ...(spec ? [...forSpecs, ...(forSpecsOf[layer] ?? []), 'contract'] : []),
    ].map(tag),
    ...(packages[layer] && { allowedExternalImports: [...packages[layer], ...(spec ? specPackages : [])] }),
  }));
}

/** @param {boolean} spec */
function ownConstraints(spec) {
  return Object.entries(prefixes).flatMap(([folder, prefix]) =>
    readdirSync(new URL(`./libs/${folder}/`, import.meta.url)).map((name) => ({
      sourceTag: `${prefix}${name}`,
      allowedExternalImports: [...(ownPackages[`${folder}/${name}`] ?? []), ...(spec ? specPackages : [])],
    })),
  );
}

const { workspaces } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8'));

/** That project with every other one; with itself the rule would take its relative imports for foreign ones. */
const pairsWith = (/** @type {string} */ project) =>
  globSync(
    workspaces.map((/** @type {string} */ workspace) => `${workspace}/package.json`),
    { cwd: import.meta.dirname },
  )
    .map((file) => JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')).name)
    .filter((name) => name !== project)
    .map((name) => [name, project]);

/**
 * Options of the rule. Specs make the project graph circular (kernel's specs use the memory adapter, which implements
 * kernel's ports); the layers above exclude every other circle, and `npm run cycles` looks at files.
 * @param {{ spec: boolean }} options
 */
export function boundaries({ spec }) {
  return {
    enforceBuildableLibDependency: false,
    allow: [],
    banTransitiveDependencies: true,
    ignoredCircularDependencies: [...pairsWith('@productgraph/adapter-memory'), ...pairsWith('@productgraph/testing')],
    depConstraints: [...layerConstraints(spec), ...ownConstraints(spec)],
  };
}
