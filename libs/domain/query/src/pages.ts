import type { PageInfo } from './answers.ts';
import type { Page } from './questions.ts';

/** Cuts a page out of rows of which one more than asked for was read. */
export function pageOf<Row, Item extends { readonly cursor: string }>(
  rows: readonly Row[],
  page: Page,
  toItem: (row: Row) => Item,
): { items: Item[]; pageInfo: PageInfo } {
  const items = rows.slice(0, page.first).map(toItem);
  return { items, pageInfo: { hasNextPage: rows.length > page.first, endCursor: items.at(-1)?.cursor ?? null } };
}
