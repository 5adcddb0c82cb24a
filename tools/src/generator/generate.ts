import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as prettier from 'prettier';
import { adapterFiles } from './adapter.ts';
import { domainFiles } from './domain.ts';
import { namesOf, type Names } from './names.ts';
import { processorFiles } from './processor.ts';

/** What can be generated. */
export const KINDS = ['processor', 'adapter', 'domain'] as const;
export type Kind = (typeof KINDS)[number];

/** True for the name of a kind. */
export function isKind(text: string): text is Kind {
  return (KINDS as readonly string[]).includes(text);
}

interface Place {
  readonly folder: string;
  readonly packagePrefix: string;
  readonly tags: (name: string) => readonly string[];
  readonly files: (names: Names) => Readonly<Record<string, string>>;
}

const places: Readonly<Record<Kind, Place>> = {
  processor: {
    folder: 'libs/processors',
    packagePrefix: 'processor',
    tags: () => ['layer:processor'],
    files: processorFiles,
  },
  adapter: { folder: 'libs/adapters', packagePrefix: 'adapter', tags: () => ['layer:adapter'], files: adapterFiles },
  domain: {
    folder: 'libs/domain',
    packagePrefix: 'domain',
    tags: (name) => ['layer:domain', `scope:${name}`],
    files: domainFiles,
  },
};

/**
 * Writes a new project below `root`, formatted.
 * @returns the files, from the root
 * @throws when a project of that name exists
 */
export async function generate(part: { root: string; kind: Kind; name: string }): Promise<string[]> {
  const { folder, packagePrefix, tags, files } = places[part.kind];
  const target = join(folder, part.name);
  if (existsSync(join(part.root, target))) throw new Error(`${target} exists already.`);
  const manifest = {
    name: `@productgraph/${packagePrefix}-${part.name}`,
    version: versionOf(part.root),
    private: true,
    type: 'module',
    exports: { '.': './src/index.ts' },
    nx: { tags: tags(part.name) },
  };
  const all: Record<string, string> = {
    'package.json': JSON.stringify(manifest),
    'tsconfig.json': JSON.stringify({ extends: '../../../tsconfig.base.json', include: ['src'] }),
    ...files(namesOf(part.name)),
  };
  const written: string[] = [];
  for (const [name, content] of Object.entries(all)) {
    const file = join(target, name);
    await write(join(part.root, file), content);
    written.push(file);
  }
  return written;
}

function versionOf(root: string): string {
  return (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;
}

async function write(file: string, content: string): Promise<void> {
  const options = await prettier.resolveConfig(file);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, await prettier.format(content, { ...options, filepath: file }));
}
