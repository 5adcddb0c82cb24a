import type { Fragments } from './load.ts';

/** One row of the configuration table. */
export interface SettingDoc {
  readonly name: string;
  readonly fallback: string;
  readonly allowed: string;
  readonly about: string;
}

/** Every setting of the fragments, in their order. */
export function describeConfig(fragments: Fragments): SettingDoc[] {
  return Object.values(fragments).flatMap((fragment) =>
    Object.values(fragment).map(({ name, shown, allowed, about }) => ({ name, fallback: shown, allowed, about })),
  );
}

/** The table in Markdown, for the README and `docs/configuration.md`. */
export function configTable(fragments: Fragments): string {
  const rows = describeConfig(fragments).map(
    ({ name, fallback, allowed, about }) => `| \`${name}\` | ${code(fallback)} | ${allowed} | ${about} |`,
  );
  return ['| variable | default | allowed | what it does |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function code(fallback: string): string {
  return fallback.startsWith('(') ? fallback.slice(1, -1) : `\`${fallback}\``;
}
