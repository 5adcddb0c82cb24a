/** What is known of a context's text. Offsets are relative to its opening brace; start 0 = absent. */
interface Known {
  readonly text: Buffer;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly depth: number;
  readonly keys: number;
  /** @see JsonScanner.stringBits */
  readonly stringBits: number;
}

/** Longer contexts are read every time. */
const LONGEST = 4_096;
/** After so many different contexts in a row only every 64th is kept: keeping costs more than it brings there. */
const PATIENCE = 8;

/** A context that has been read: its place in the text, and what was found. */
export interface ReadContext extends Omit<Known, 'text'> {
  readonly at: number;
  readonly end: number;
}

/**
 * The context read last. The events of one client mostly have the same one, byte for byte, and it is the longest part of them:
 * comparing is far cheaper than reading. An object's text ends with itself, so equal bytes are the same whole object.
 */
export class LastContext {
  #known: Known | null = null;
  #misses = 0;

  /** What is known of the context at `at`, null when it is another one. */
  match(bytes: Buffer, at: number): Known | null {
    const known = this.#known;
    if (known === null) return null;
    const { text } = known;
    const middle = text.length >> 1;
    // Three bytes tell most contexts apart before the call.
    const isLike = bytes[at + text.length - 2] === text[text.length - 2] && bytes[at + middle] === text[middle];
    if (isLike && bytes.compare(text, 0, text.length, at, at + text.length) === 0) {
      this.#misses = 0;
      return known;
    }
    return null;
  }

  /** Remembers a context that no earlier one matched and that has no peculiarities (bad text, line breaks). */
  keep(bytes: Buffer, { at, end, starts, ends, depth, keys, stringBits }: ReadContext): void {
    this.#misses++;
    if (end - at > LONGEST || (this.#misses > PATIENCE && this.#misses % 64 !== 0)) return;
    const relative = (offset: number): number => (offset === 0 ? 0 : offset - at);
    this.#known = {
      text: Buffer.from(bytes.subarray(at, end)),
      starts: starts.map(relative),
      ends: ends.map(relative),
      depth,
      keys,
      stringBits,
    };
  }
}
