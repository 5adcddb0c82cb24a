import { type Names } from './names.ts';

/** A domain area: types, one verb, its port and its errors. */
export function domainFiles(names: Names): Readonly<Record<string, string>> {
  return {
    'README.md': readme(names),
    'src/index.ts': index(names),
    [`src/${names.kebab}.ts`]: types(names),
    'src/ports.ts': ports(names),
    'src/errors.ts': errors(names),
    [`src/${names.kebab}.spec.ts`]: spec(names),
  };
}

const readme = ({ kebab, pascal, camel }: Names): string => `
# domain/${kebab}

Plain TypeScript: data in, data out. Clock and ids are passed in; nothing here reads a file, a socket or the environment.

| file | holds |
| --- | --- |
| \`src/${kebab}.ts\` | the types and the verbs |
| \`src/ports.ts\` | what the area needs from a store; fake in \`adapters/memory\`, contract suite in \`libs/testing\` |
| \`src/errors.ts\` | faults that are no expected outcome |

Start reading at \`${camel}\`'s type \`${pascal}\`, then \`define${pascal}\`.
`;

const index = ({ kebab, pascal }: Names): string => `
export { define${pascal}, type ${pascal}, type ${pascal}Draft, type ${pascal}Refusal } from './${kebab}.ts';
export type { ${pascal}Store } from './ports.ts';
export { ${pascal}NameTaken } from './errors.ts';
`;

const types = ({ pascal, camel, words }: Names): string => `
import type { Outcome } from '@productgraph/kernel';

/** A ${words} of a project. */
export interface ${pascal} {
  readonly id: string;
  readonly projectId: string;
  /** 1 to 200 characters, without white space at its ends. */
  readonly name: string;
  /** Unix milliseconds. */
  readonly createdAt: number;
}

/** What a caller gives to have one. */
export interface ${pascal}Draft {
  readonly projectId: string;
  readonly name: string;
}

/** Why a draft is refused. */
export type ${pascal}Refusal = 'name_missing' | 'name_too_long';

const maxNameLength = 200;

/** The draft as a ${words}, or why it is none. */
export function define${pascal}(
  draft: ${pascal}Draft,
  made: { readonly id: string; readonly now: number },
): Outcome<${pascal}, ${pascal}Refusal> {
  const name = draft.name.trim();
  if (name === '') return { kind: 'drop', reason: 'name_missing' };
  if (name.length > maxNameLength) return { kind: 'drop', reason: 'name_too_long' };
  const ${camel}: ${pascal} = { id: made.id, projectId: draft.projectId, name, createdAt: made.now };
  return { kind: 'ok', value: ${camel} };
}
`;

const ports = ({ kebab, pascal, camel, words }: Names): string => `
import type { ${pascal} } from './${kebab}.ts';

/** Where a project's ${words}s are kept. */
export interface ${pascal}Store {
  /** In order of creation. */
  of(projectId: string): Promise<readonly ${pascal}[]>;
  /** @throws ${pascal}NameTaken when the project has one of that name */
  add(${camel}: ${pascal}): Promise<void>;
}
`;

const errors = ({ pascal, words }: Names): string => `
/** The project has a ${words} of that name. */
export class ${pascal}NameTaken extends Error {
  override readonly name = '${pascal}NameTaken';
}
`;

const spec = ({ kebab, pascal }: Names): string => `
import { describe, expect, it } from 'vitest';
import { define${pascal} } from './${kebab}.ts';

const made = { id: '0190', now: 1_000 };

describe('define${pascal}', () => {
  it('takes a name without the white space at its ends', () => {
    expect(define${pascal}({ projectId: 'p', name: ' first ' }, made)).toEqual({
      kind: 'ok',
      value: { id: '0190', projectId: 'p', name: 'first', createdAt: 1_000 },
    });
  });

  it.each([
    ['', 'name_missing'],
    ['   ', 'name_missing'],
    ['x'.repeat(201), 'name_too_long'],
  ])('refuses the name "%s"', (name, reason) => {
    expect(define${pascal}({ projectId: 'p', name }, made)).toEqual({ kind: 'drop', reason });
  });

  it('takes a name of 200 characters', () => {
    expect(define${pascal}({ projectId: 'p', name: 'x'.repeat(200) }, made).kind).toBe('ok');
  });
});
`;
