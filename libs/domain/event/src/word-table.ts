const BUCKETS = 256;

/** Tells most words apart by length and four characters. */
function bucketOf(bytes: Uint8Array, start: number, end: number): number {
  const ends = (bytes[start] ?? 0) * 7 + (bytes[end - 1] ?? 0);
  const middle = (bytes[(start + end) >> 1] ?? 0) * 3 + (bytes[Math.max(start, end - 4)] ?? 0) * 5;
  return ((end - start) * 11 + ends + middle) & (BUCKETS - 1);
}

const WORD_BYTES = 4;

/** A word as JSON string, in 32-bit pieces of little-endian byte order; the last one overlaps the one before where the length asks for it. */
function piecesOf(word: string): Int32Array {
  const quoted = Buffer.from(`"${word}"`, 'utf8');
  const count = Math.ceil(quoted.length / WORD_BYTES);
  return Int32Array.from({ length: count }, (_, i) =>
    quoted.readInt32LE(Math.min(i * WORD_BYTES, quoted.length - WORD_BYTES)),
  );
}

/** Looks known words up by their bytes, without making strings. */
export class WordTable {
  readonly #words: readonly Uint8Array[];
  readonly #pieces: readonly Int32Array[];
  readonly #buckets: readonly (readonly number[])[];

  /** @param words distinct, of 2 characters or more */
  constructor(words: readonly string[]) {
    this.#words = words.map((word) => Buffer.from(word, 'utf8'));
    this.#pieces = words.map(piecesOf);
    const buckets = Array.from({ length: BUCKETS }, (): number[] => []);
    for (const [index, word] of this.#words.entries()) buckets[bucketOf(word, 0, word.length)]?.push(index);
    this.#buckets = buckets;
  }

  /** Position after the word of that index if it stands at `start`, else -1. */
  match(index: number, bytes: Uint8Array, start: number): number {
    const word = this.#words[index];
    if (word === undefined) return -1;
    for (let i = 0; i < word.length; i++) if (bytes[start + i] !== word[i]) return -1;
    return start + word.length;
  }

  /**
   * Position after the closing quote if the word of that index stands in quotes at `start`, else -1.
   * @param view readable up to the longest word's length behind `start`
   */
  matchQuoted(index: number, view: DataView, start: number): number {
    const pieces = this.#pieces[index];
    if (pieces === undefined) return -1;
    const last = pieces.length - 1;
    for (let i = 0; i < last; i++) if (view.getInt32(start + i * WORD_BYTES, true) !== pieces[i]) return -1;
    const end = start + (this.#words[index]?.length ?? 0) + 2;
    return view.getInt32(end - WORD_BYTES, true) === pieces[last] ? end : -1;
  }

  /** Index of the word that is exactly the bytes in [start, end), -1 when there is none. */
  find(bytes: Uint8Array, start: number, end: number): number {
    const candidates = this.#buckets[bucketOf(bytes, start, end)];
    if (candidates === undefined) return -1;
    for (const index of candidates) {
      if (this.match(index, bytes, start) === end) return index;
    }
    return -1;
  }
}
