const PLACES = 256;

interface Entry<T> {
  readonly bytes: Uint8Array;
  readonly value: T;
}

function placeOf(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  const middle = (bytes[start + (length >> 1)] ?? 0) * 31 + (bytes[start + ((length * 3) >> 2)] ?? 0) * 7;
  return (middle + length * 13) & (PLACES - 1);
}

function isAt(known: Uint8Array, bytes: Uint8Array, start: number): boolean {
  for (let i = 0; i < known.length; i++) if (bytes[start + i] !== known[i]) return false;
  return true;
}

/**
 * Remembers what was found out about the last texts, by their bytes, without making strings. One text a place: a batch mostly has a few
 * of them over and over.
 */
export class TextMemo<T> {
  readonly #entries = new Array<Entry<T> | undefined>(PLACES).fill(undefined);
  readonly #longest: number;

  /** @param longest texts of more bytes are not kept */
  constructor(longest: number) {
    this.#longest = longest;
  }

  /** The value kept for the text in bytes [start, end); undefined = none. */
  get(bytes: Uint8Array, start: number, end: number): T | undefined {
    const entry = this.#entries[placeOf(bytes, start, end)];
    return entry?.bytes.length === end - start && isAt(entry.bytes, bytes, start) ? entry.value : undefined;
  }

  /** Keeps a value for the text. */
  keep(text: Uint8Array, value: T): void {
    if (text.length > this.#longest) return;
    this.#entries[placeOf(text, 0, text.length)] = { bytes: new Uint8Array(text), value };
  }
}
