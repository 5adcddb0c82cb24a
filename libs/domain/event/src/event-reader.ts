import type { BotVerdict } from './bots.ts';
import { FIELDS, KNOWN, NAMES, NAME_INDEX, nameOf, SLOT, SUFFIXES } from './fields.ts';
import { JsonScanner } from './json-scanner.ts';
import { LastContext } from './known-context.ts';
import { WordTable } from './word-table.ts';

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const LOWER_N = 110;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/** Keys of `context` that become columns. */
const CONTEXT_KEYS = ['user_agent', 'userAgent', 'campaign'];
const contextWords = new WordTable(CONTEXT_KEYS);
const NESTS = FIELDS.map(({ kind }) => kind === 'json' || kind === 'object' || kind === 'groups');
const ANY = FIELDS.map(({ kind }) => kind === 'json');
/** Keys of an event whose meaning is remembered. */
const PLACES = 32;

/** Part of the bytes: `start` inclusive, `end` exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A key (with its quotes) that is no field, and its value: both move into properties. */
export interface UnknownMember {
  /** Path of the object it stands in with a dot behind, or nothing. */
  readonly prefix: string;
  readonly object: number;
  readonly key: Span;
  readonly value: Span;
}

/** An object under a prefix that is still to be opened. */
interface PendingObject {
  readonly prefix: string;
  readonly parent: number;
  readonly at: number;
}

/**
 * Finds the fields of one event in its bytes, whichever way they are spelled, checking its JSON on the way.
 * One instance serves many events, one after the other; everything it says is about the last one.
 * Of equal keys in one object the last counts, as with JSON.parse. When a field comes in several spellings,
 * the one with the longest first key counts: flat before nested.
 */
export class EventReader {
  readonly scan = new JsonScanner();
  /** Spans of the values by slot, strings with their quotes; of fields that are there, see {@link has}. */
  readonly starts = new Int32Array(FIELDS.length);
  readonly ends = new Int32Array(FIELDS.length);
  /** Levels of nesting and number of keys of the values that may nest, by slot. */
  readonly depths = new Int32Array(FIELDS.length);
  readonly keyCounts = new Int32Array(FIELDS.length);
  /** 1 where the value is a string with escapes, by slot. */
  readonly escaped = new Uint8Array(FIELDS.length);
  /** The slots that were filled, in the order first filled; one may have been emptied again, see {@link has}. */
  readonly filled = new Uint8Array(FIELDS.length);
  filledCount = 0;
  unknown: UnknownMember[] = [];
  /** Nesting (inside properties) and number of keys of all unknown members together. */
  unknownDepth = 0;
  unknownKeys = 0;
  /** Spans of `context.user_agent`, `.userAgent` and `.campaign`; start 0 = absent. */
  readonly contextStarts = new Int32Array(CONTEXT_KEYS.length);
  readonly contextEnds = new Int32Array(CONTEXT_KEYS.length);
  /** Equal for events with the very same context, one after the other; null = a context that was met for the first time, or none. */
  knownContext: object | null = null;
  /** The verdict reached last. */
  lastBot: BotVerdict = { context: null, by: null, verdict: false };
  /** Objects are numbered on and on: which one filled the slot (negative: emptied again), which one held the known name. */
  readonly #filledBy = new Float64Array(FIELDS.length);
  readonly #heldBy = new Float64Array(KNOWN.length);
  #eventObject = 1;
  #object = 0;
  #prefix = '';
  #pending: PendingObject[] = [];
  #keyStart = 0;
  #keyEnd = 0;
  /** Index in KNOWN of the present key, -1 = no known name. */
  #known = -1;
  /** Known names of the event before by their place: the events of a batch mostly have the same keys in the same order. */
  readonly #places = new Int16Array(PLACES).fill(-1);
  #place = 0;
  readonly #lastContext = new LastContext();

  /** Whether the event has the field of that slot. */
  has(slot: number): boolean {
    return (this.#filledBy[slot] ?? 0) >= this.#eventObject;
  }

  /** Reads the event that begins at `at` in `scan.bytes`. Position after it, -1 when it is not a JSON object. */
  read(at: number): number {
    const { scan } = this;
    scan.hasBadText = false;
    scan.hasBreaks = false;
    scan.stringBits = 0;
    if (this.unknown.length > 0) this.unknown = [];
    this.unknownDepth = 0;
    this.unknownKeys = 0;
    this.filledCount = 0;
    this.#forgetContext();
    this.#eventObject = this.#object + 1;
    const end = scan.bytes[at] === OPEN_OBJECT ? this.#open(at, '') : -1;
    if (this.#pending.length > 0) this.#openPending(end >= 0);
    return end;
  }

  #open(at: number, prefix: string): number {
    this.#object++;
    this.#prefix = prefix;
    this.#place = prefix === '' ? 0 : PLACES;
    return this.#members(at, false);
  }

  #openPending(isJson: boolean): void {
    if (!isJson) this.#pending = [];
    // Longer prefixes first; those found on the way come after all of the outermost level.
    this.#pending.sort((a, b) => b.prefix.length - a.prefix.length);
    for (let next = this.#pending.shift(); next !== undefined; next = this.#pending.shift()) {
      this.#open(next.at, next.prefix);
    }
  }

  /** Walks the members of the object whose opening brace is at `at`. Position after it, -1 when it is not JSON. */
  #members(at: number, isContext: boolean): number {
    const { scan } = this;
    const { bytes } = scan;
    let i = scan.space(at + 1);
    if (bytes[i] === CLOSE_OBJECT) return i + 1;
    for (;;) {
      i = isContext ? this.#contextMember(i) : this.#member(i);
      if (i < 0) return -1;
      i = scan.space(i);
      if (bytes[i] === CLOSE_OBJECT) return i + 1;
      if (bytes[i] !== COMMA) return -1;
      i = scan.space(i + 1);
    }
  }

  /** Position of the value behind the key that ends at `at`, -1 when there is none. */
  #afterColon(at: number): number {
    const { scan } = this;
    const colon = scan.space(at);
    return scan.bytes[colon] === COLON ? scan.space(colon + 1) : -1;
  }

  #member(at: number): number {
    if (this.scan.bytes[at] !== QUOTE) return -1;
    const keyEnd = this.#key(at);
    const value = keyEnd < 0 ? -1 : this.#afterColon(keyEnd);
    return value < 0 ? -1 : this.#value(value);
  }

  /** Reads the key at `at` and finds what it means. Position after it, -1 when it is not JSON. */
  #key(at: number): number {
    const { scan } = this;
    const place = this.#place++;
    this.#keyStart = at;
    if (place < PLACES) {
      const guess = this.#places[place] ?? -1;
      const end = NAMES.matchQuoted(guess, scan.view, at);
      if (end > 0) {
        this.#known = guess;
        return (this.#keyEnd = end);
      }
    }
    const end = scan.string(at);
    this.#keyEnd = end;
    if (end < 0) return -1;
    this.#known = this.#lookUp();
    if (place < PLACES) this.#places[place] = this.#known;
    return end;
  }

  #lookUp(): number {
    const { scan } = this;
    const prefix = this.#prefix;
    if (scan.wasEscaped) return NAME_INDEX.get(prefix + this.string(this.#keyStart, this.#keyEnd)) ?? -1;
    if (prefix === '') return NAMES.find(scan.bytes, this.#keyStart + 1, this.#keyEnd - 1);
    const suffixes = SUFFIXES.get(prefix);
    const word = suffixes?.words.find(scan.bytes, this.#keyStart + 1, this.#keyEnd - 1) ?? -1;
    return suffixes?.known[word] ?? -1;
  }

  /** Takes the value at `at` of the present key. Position after it, -1 when it is not JSON. */
  #value(at: number): number {
    const { scan } = this;
    const index = this.#known;
    const known = KNOWN[index];
    if (known === undefined) return this.#unknownValue(at);
    if (this.#heldBy[index] === this.#object) this.#forget(index);
    this.#heldBy[index] = this.#object;
    const first = scan.bytes[at];
    if (known.isPrefix && first === OPEN_OBJECT) {
      this.#pending.push({ prefix: `${nameOf(index)}.`, parent: this.#object, at });
      return scan.value(at);
    }
    if (known.slot >= 0) return this.#fieldValue(known.slot, at);
    return first === LOWER_N ? scan.value(at) : this.#unknownValue(at);
  }

  #fieldValue(slot: number, at: number): number {
    const { scan } = this;
    const first = scan.bytes[at];
    const end = first === QUOTE ? scan.string(at) : this.#otherValue(slot, at);
    // A null is a value only where any JSON may stand; a spelling that counts less does not replace one that is there.
    if (end < 0 || this.has(slot) || (first === LOWER_N && ANY[slot] !== true)) return end;
    this.starts[slot] = at;
    this.ends[slot] = end;
    this.escaped[slot] = first === QUOTE && scan.wasEscaped ? 1 : 0;
    if ((this.#filledBy[slot] ?? 0) > -this.#eventObject) this.filled[this.filledCount++] = slot;
    this.#filledBy[slot] = this.#object;
    return end;
  }

  #otherValue(slot: number, at: number): number {
    const { scan } = this;
    if (NESTS[slot] !== true || this.has(slot)) return scan.value(at);
    if (slot === SLOT.context && scan.bytes[at] === OPEN_OBJECT) return this.#context(at);
    scan.keys = 0;
    scan.deepest = 0;
    const end = scan.value(at);
    this.depths[slot] = scan.deepest;
    this.keyCounts[slot] = scan.keys;
    return end;
  }

  #context(at: number): number {
    const { scan, contextStarts, contextEnds } = this;
    const known = this.#lastContext.match(scan.bytes, at);
    this.knownContext = known;
    if (known === null) return this.#readContext(at);
    for (let word = 0; word < CONTEXT_KEYS.length; word++) {
      const start = known.starts[word] ?? 0;
      contextStarts[word] = start === 0 ? 0 : start + at;
      contextEnds[word] = (known.ends[word] ?? 0) + at;
    }
    this.depths[SLOT.context] = known.depth;
    this.keyCounts[SLOT.context] = known.keys;
    scan.stringBits |= known.stringBits;
    return at + known.text.length;
  }

  #readContext(at: number): number {
    const { scan, contextStarts: starts, contextEnds: ends } = this;
    const { stringBits: before, hasBreaks: hadBreaks, hasBadText: hadBadText } = scan;
    scan.keys = 0;
    scan.deepest = 0;
    scan.stringBits = 0;
    const end = this.#members(at, true);
    const { keys, stringBits } = scan;
    const depth = scan.deepest + 1;
    this.depths[SLOT.context] = depth;
    this.keyCounts[SLOT.context] = keys;
    scan.stringBits |= before;
    const isPlain = end > 0 && !hadBreaks && !hadBadText && !scan.hasBreaks && !scan.hasBadText;
    if (isPlain) this.#lastContext.keep(scan.bytes, { at, end, starts, ends, depth, keys, stringBits });
    return end;
  }

  #contextMember(at: number): number {
    const { scan } = this;
    if (scan.bytes[at] !== QUOTE) return -1;
    const keyEnd = scan.string(at);
    if (keyEnd < 0) return -1;
    scan.keys++;
    const word = scan.wasEscaped
      ? CONTEXT_KEYS.indexOf(this.string(at, keyEnd))
      : contextWords.find(scan.bytes, at + 1, keyEnd - 1);
    const value = this.#afterColon(keyEnd);
    const end = value < 0 ? -1 : scan.value(value);
    if (word >= 0) {
      this.contextStarts[word] = value;
      this.contextEnds[word] = end;
    }
    return end;
  }

  #unknownValue(at: number): number {
    const { scan } = this;
    const key = { start: this.#keyStart, end: this.#keyEnd };
    scan.keys = 0;
    scan.deepest = 0;
    const end = scan.value(at);
    this.unknownKeys += scan.keys + 1;
    this.unknownDepth = Math.max(this.unknownDepth, scan.deepest + 1);
    this.unknown.push({ prefix: this.#prefix, object: this.#object, key, value: { start: at, end } });
    return end;
  }

  /** Undoes what an equal key earlier in the same object did. */
  #forget(index: number): void {
    const slot = KNOWN[index]?.slot ?? -1;
    if (slot >= 0 && this.#filledBy[slot] === this.#object) this.#filledBy[slot] = -this.#eventObject;
    if (slot === SLOT.context) this.#forgetContext();
    const prefix = `${nameOf(index)}.`;
    this.#pending = this.#pending.filter((pending) => pending.parent !== this.#object || pending.prefix !== prefix);
    this.unknown = this.unknown.filter(
      (member) => member.object !== this.#object || this.#nameOf(member) !== nameOf(index),
    );
  }

  #forgetContext(): void {
    this.knownContext = null;
    for (let word = 0; word < CONTEXT_KEYS.length; word++) this.contextStarts[word] = 0;
  }

  /** The name under which an unknown member moves into properties. */
  #nameOf(member: UnknownMember): string {
    return member.prefix + this.string(member.key.start, member.key.end);
  }

  /** JSON text of a span. */
  text(start: number, end: number): string {
    return this.scan.bytes.toString('utf8', start, end);
  }

  /** The string whose quotes are the first and last byte of the span. */
  string(start: number, end: number): string {
    const text = this.text(start + 1, end - 1);
    return text.includes('\\') ? (JSON.parse(this.text(start, end)) as string) : text;
  }
}
