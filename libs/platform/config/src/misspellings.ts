/** Shorter names are left alone: HOME is two letters from HOST. */
const SHORTEST = 6;
const FARTHEST = 2;

/** Variables that are not settings but within two letters of one: `DATABSE_URL` for `DATABASE_URL`. */
export function misspellings(env: Readonly<Record<string, string | undefined>>, known: readonly string[]): string[] {
  const names = new Set(known);
  return Object.keys(env)
    .filter((name) => name.length >= SHORTEST && !names.has(name) && env[name] !== '')
    .flatMap((name) => {
      const meant = known.find((candidate) => candidate.length >= SHORTEST && distance(name, candidate) <= FARTHEST);
      return meant === undefined ? [] : [`${name} is set but is no setting; did you mean ${meant}?`];
    });
}

/** Levenshtein distance, letter case ignored. */
function distance(a: string, b: string): number {
  const [left, right] = [a.toUpperCase(), b.toUpperCase()];
  if (Math.abs(left.length - right.length) > FARTHEST) return FARTHEST + 1;
  let above = Array.from({ length: right.length + 1 }, (_, i) => i);
  for (let i = 1; i <= left.length; i++) {
    const row = [i];
    for (let j = 1; j <= right.length; j++) {
      const swap = (above[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      row.push(Math.min(swap, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    above = row;
  }
  return above[right.length] ?? 0;
}
