/** One name in the spellings that code needs. */
export interface Names {
  /** `stock-level`: files and packages. */
  readonly kebab: string;
  /** `stockLevel`: values. */
  readonly camel: string;
  /** `StockLevel`: types. */
  readonly pascal: string;
  /** `STOCK_LEVEL`: constants. */
  readonly constant: string;
  /** `stock level`: sentences. */
  readonly words: string;
}

/** Spellings of a name given as lower-case words joined by hyphens. */
export function namesOf(kebab: string): Names {
  const words = kebab.split('-');
  const pascal = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  return {
    kebab,
    camel: pascal.charAt(0).toLowerCase() + pascal.slice(1),
    pascal,
    constant: words.join('_').toUpperCase(),
    words: words.join(' '),
  };
}
