import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { generate } from '@graphql-codegen/cli';

/**
 * Types of the GraphQL schema: `libs/delivery/graphql-api/schema/*.graphql` → `src/generated/schema.ts`, with the
 * mappers, scalars and context type that `codegen.ts` of that lib exports. With `--check` it writes nothing and
 * fails when the file is not what would be written.
 */
const root = join(import.meta.dirname, '../..');
const lib = join(root, 'libs/delivery/graphql-api');

/** Options that are the same for every schema: literal unions, no runtime code, imports as this repository writes them. */
const house = {
  enumsAsTypes: true,
  useTypeImports: true,
  importExtension: '.ts',
  emitLegacyCommonJSImports: false,
  immutableTypes: true,
  avoidOptionals: { field: true },
  strictScalars: true,
  defaultScalarType: 'unknown',
  useIndexSignature: true,
};

const plugins = [
  import.meta.resolve('@graphql-codegen/typescript'),
  import.meta.resolve('@graphql-codegen/typescript-resolvers'),
].map((url) => fileURLToPath(url));

interface Generated {
  readonly filename: string;
  readonly content: string;
}

async function generated(): Promise<readonly Generated[]> {
  if (globSync('schema/*.graphql', { cwd: lib }).length === 0) return [];
  const own = (await import(pathToFileURL(join(lib, 'codegen.ts')).href)) as { default: Record<string, unknown> };
  const files = (await generate(
    {
      cwd: lib,
      schema: 'schema/*.graphql',
      generates: {
        'src/generated/schema.ts': {
          plugins,
          config: { ...house, ...own.default },
        },
      },
      silent: true,
    },
    false,
  )) as readonly Generated[];
  return files.map(({ filename, content }) => ({ filename, content: `${header}\n${content}` }));
}

const header = '// Made by `npm run codegen` from schema/*.graphql. Do not edit.';

function current(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function main(check: boolean): Promise<number> {
  const stale = (await generated())
    .map(({ filename, content }) => ({ path: join(lib, 'src/generated', filename.split('/').at(-1) ?? ''), content }))
    .filter(({ path, content }) => current(path) !== content);
  for (const { path, content } of stale) {
    if (check) console.error(`${path} is not what schema/*.graphql gives: run \`npm run codegen\`.`);
    else {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      console.log(`Wrote ${path}`);
    }
  }
  return check && stale.length > 0 ? 1 : 0;
}

process.exitCode = await main(process.argv.includes('--check'));
