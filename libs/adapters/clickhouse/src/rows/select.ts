import type { Column } from './columns.ts';

/** Columns that say where a row came from or whose it is, not what it says. */
const OF_THE_STORE = new Set(['org_id', 'log_topic', 'log_generation', 'log_partition', 'log_offset', 'log_index']);

/** `page_path` → `pagePath`. */
const camelCase = (name: string): string => name.replaceAll(/_([a-z])/gu, (_, letter: string) => letter.toUpperCase());

/**
 * Select list of columns (alias `r`) under the names of the domain's properties, times as Unix milliseconds.
 * @param names where they are not the column's in camel case
 */
export function selectList<Row>(columns: readonly Column<Row>[], names: Readonly<Record<string, string>> = {}): string {
  return columns
    .filter(({ name }) => name in names || !OF_THE_STORE.has(name))
    .map(({ name, type }) => {
      const value = type.includes('DateTime64') ? `toUnixTimestamp64Milli(r.${name})` : `r.${name}`;
      return `${value} AS ${names[name] ?? camelCase(name)}`;
    })
    .join(', ');
}
