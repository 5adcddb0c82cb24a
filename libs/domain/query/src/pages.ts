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

const HOUR = 3_600_000;
const WIDEN = 16;

/**
 * Parts of a range to look through for the newest rows, newest first: an hour, then ever wider. For stores whose rows have no
 * order by time alone, and would have to read and sort the whole range for one page.
 */
export function* newestFirst(range: { readonly from: number; readonly to: number }): Generator<{
  readonly from: number;
  readonly to: number;
}> {
  for (let end = range.to, width = HOUR; end > range.from; width *= WIDEN) {
    const start = Math.max(range.from, end - width);
    yield { from: start, to: end };
    end = start;
  }
}
