import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { beforeAll, describe, expect, it } from 'vitest';

/** The lint configuration of the repository, tried on texts that no file holds (so without the rules that need types). */
const root = join(import.meta.dirname, '../../..');
const eslint = new ESLint({ cwd: root, overrideConfig: [tseslint.configs.disableTypeChecked] });

async function broken(filePath: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: join(root, filePath) });
  return [...new Set(result?.messages.map(({ ruleId, message }) => ruleId ?? message))];
}

beforeAll(() => {
  // Below `nx run` the project graph, which the boundaries rule reads, is there; elsewhere it is made first.
  if (process.env.NX_TASK_TARGET_PROJECT) return;
  const { status } = spawnSync('nx', ['show', 'projects'], { cwd: root, stdio: 'ignore' });
  expect(status).toBe(0);
}, 60_000);

const sideEffect = (specifier: string): string => `import '${specifier}';\n`;
const boundaries = ['@nx/enforce-module-boundaries'];

describe('boundaries', () => {
  it.each([
    ['libs/contracts/src/x.ts', 'zod'],
    ['libs/kernel/src/x.ts', '@productgraph/contracts'],
    ['libs/domain/event/src/x.ts', '@productgraph/kernel'],
    ['libs/domain/event/src/x.ts', 'isbot'],
    ['libs/domain/query/src/x.ts', 'luxon'],
    ['libs/adapters/postgres/src/x.ts', '@productgraph/platform-telemetry'],
    ['libs/adapters/postgres/src/x.ts', 'pg'],
    ['libs/delivery/graphql-api/src/x.ts', '@nestjs/graphql'],
    ['libs/processors/session/src/x.ts', '@productgraph/platform-telemetry'],
    ['apps/starter/src/x.ts', '@productgraph/adapter-postgres'],
    ['libs/kernel/src/x.spec.ts', '@productgraph/testing'],
    ['libs/processors/session/src/x.spec.ts', '@productgraph/adapter-memory'],
    ['libs/kernel/src/x.spec.ts', 'fast-check'],
    ['libs/adapters/postgres/src/x.stack.spec.ts', '@productgraph/tools/stack'],
    ['e2e/src/x.e2e.ts', '@productgraph/contracts'],
    ['libs/adapters/memory/src/x.ts', './index.ts'],
    ['libs/testing/src/x.ts', './index.ts'],
    ['libs/kernel/src/x.ts', './index.ts'],
  ])('let %s import %s', async (file, specifier) => {
    expect(await broken(file, sideEffect(specifier))).toEqual([]);
  });

  it.each([
    ['libs/contracts/src/x.ts', '@productgraph/kernel'],
    ['libs/kernel/src/x.ts', '@productgraph/domain-event'],
    ['libs/kernel/src/x.ts', 'zod'],
    ['libs/kernel/src/x.ts', '@productgraph/testing'],
    ['libs/domain/event/src/x.ts', '@productgraph/domain-session'],
    ['libs/domain/event/src/x.ts', 'luxon'],
    ['libs/domain/session/src/x.ts', 'isbot'],
    ['libs/domain/event/src/x.ts', '../../session/src/index.ts'],
    ['libs/adapters/memory/src/x.ts', 'pg'],
    ['libs/adapters/postgres/src/x.ts', '@productgraph/adapter-memory'],
    ['libs/adapters/postgres/src/x.ts', '@productgraph/platform-config'],
    ['libs/delivery/ingest-http/src/x.ts', '@productgraph/adapter-memory'],
    ['libs/processors/session/src/x.ts', '@nestjs/common'],
    ['libs/platform/config/src/x.ts', '@productgraph/domain-query'],
    ['libs/platform/config/src/x.ts', 'pino'],
    ['libs/testing/src/x.ts', '@productgraph/adapter-memory'],
    ['libs/testing/src/x.ts', '@productgraph/platform-telemetry'],
    ['apps/starter/src/x.ts', '@productgraph/testing'],
    ['apps/starter/src/x.ts', '@productgraph/cli'],
    ['apps/starter/src/x.ts', 'lodash'],
    ['libs/kernel/src/x.spec.ts', '@productgraph/adapter-postgres'],
    ['libs/kernel/src/x.spec.ts', '@productgraph/starter'],
    ['libs/kernel/src/x.stack.spec.ts', '@productgraph/tools/stack'],
    ['libs/adapters/postgres/src/x.ts', '@productgraph/tools/stack'],
    ['e2e/src/x.e2e.ts', '@productgraph/kernel'],
  ])('keep %s from importing %s', async (file, specifier) => {
    expect(await broken(file, sideEffect(specifier))).toEqual(boundaries);
  });
});

describe('restrictions', () => {
  it.each([
    ['libs/kernel/src/x.ts', `import 'node:fs';\n`, 'no-restricted-imports'],
    ['libs/domain/query/src/x.ts', `import 'fs';\n`, 'no-restricted-imports'],
    ['libs/kernel/src/x.ts', 'export const x = Date.now();\n', 'no-restricted-syntax'],
    ['libs/domain/session/src/x.ts', 'export const x = new Date();\n', 'no-restricted-syntax'],
    ['libs/delivery/ingest-http/src/x.ts', 'export const x = process.env;\n', 'no-restricted-syntax'],
    ['apps/starter/src/main.ts', 'const { env } = process;\nexport const x = [env];\n', 'no-restricted-syntax'],
    ['libs/contracts/src/x.ts', 'export enum X {\n  A,\n}\n', 'no-restricted-syntax'],
    ['libs/kernel/src/x.ts', 'export abstract class X {\n  x = 1;\n}\n', 'no-restricted-syntax'],
    ['libs/kernel/src/x.ts', 'export const x = (a: 1, b: 1, c: 1, d: 1): 10 => 10;\n', 'no-restricted-syntax'],
    ['libs/kernel/src/index.ts', `export * from './clock.ts';\n`, 'no-restricted-syntax'],
    ['libs/kernel/src/x.ts', 'export const x: any = 1;\n', '@typescript-eslint/no-explicit-any'],
    ['libs/kernel/src/x.ts', `console.log('x');\n`, 'no-console'],
    ['libs/kernel/src/x.ts', 'export const x = 1;\n'.repeat(1).concat('// line\n'.repeat(301)), 'max-lines'],
    ['libs/kernel/src/x.spec.ts', '// line\n'.repeat(501), 'max-lines'],
    ['libs/kernel/src/x.spec.ts', `it.skip('x');\n`, 'no-restricted-syntax'],
  ])('stop in %s: %s', async (file, code, rule) => {
    expect(await broken(file, code)).toContain(rule);
  });

  it.each([
    ['libs/platform/config/src/x.ts', 'export const x = process.env;\n'],
    ['libs/kernel/src/x.ts', `import 'node:zlib';\n`],
    ['libs/kernel/src/x.spec.ts', `import 'node:fs';\nexport const x = Date.now();\n`],
    ['libs/kernel/src/x.ts', 'export const x = new Date(0);\n'],
    ['libs/kernel/src/x.spec.ts', '// line\n'.repeat(301)],
  ])('allow in %s: %s', async (file, code) => {
    expect(await broken(file, code)).toEqual([]);
  });
});
