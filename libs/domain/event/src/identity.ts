import { PLACEHOLDER_IDS } from '@productgraph/contracts';

const placeholders: ReadonlySet<string> = new Set(PLACEHOLDER_IDS);

const ASCII = 128;
const shape = (length: number, first: number): number => length * ASCII + (first | 0x20);
/** Length and first character (letters in lower case) of every placeholder: all other plain ids need no closer look. */
const shapes = new Uint8Array((Math.max(...PLACEHOLDER_IDS.map((id) => id.length)) + 1) * ASCII);
for (const id of PLACEHOLDER_IDS) shapes[shape(id.length, id.charCodeAt(0))] = 1;

/** Neither white space nor outside ASCII: trimming could not change an id that begins and ends so. */
const isPlain = (code: number): boolean => code > 32 && code < ASCII;

/**
 * True when the bytes [start, end) of an id without escapes show that it is no placeholder; false = look closer with {@link realId}.
 */
export function isPlainRealId(bytes: Uint8Array, start: number, end: number): boolean {
  const first = bytes[start] ?? 0;
  if (start >= end || !isPlain(first) || !isPlain(bytes[end - 1] ?? 0)) return false;
  return shapes[shape(end - start, first)] !== 1;
}

/** Same for an id as text. */
function isPlainText(id: string): boolean {
  const first = id.charCodeAt(0);
  return isPlain(first) && isPlain(id.charCodeAt(id.length - 1)) && shapes[shape(id.length, first)] !== 1;
}

/** The id as sent, or null where it is missing or one of the ids that broken clients send for "nobody". */
export function realId(id: string | null): string | null {
  if (id === null || isPlainText(id)) return id;
  return placeholders.has(id.trim().toLowerCase()) ? null : id;
}
