/** UTF-16 code units ranked so that surrogates (code points from U+10000 on) come after U+E000 to U+FFFF. */
function rank(unit: number): number {
  if (unit >= 0xe000) return unit - 0x800;
  return unit >= 0xd800 ? unit + 0x2000 : unit;
}

/**
 * Order by code point, which is also the order of UTF-8 bytes and so of every store (PostgreSQL's collation "C"). JavaScript's
 * `<` compares UTF-16 code units and differs beyond U+FFFF. Negative when `a` comes first.
 */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}
