/*
 * Looks into JSON text without parsing it, so that numbers keep the client's spelling (`1.0`, 2^60) as PostgreSQL's `json` does.
 * The text is valid JSON: ingestion checked it. Of duplicate keys the last one counts.
 */

const SPACE = /[ \t\n\r]*/y;
const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/y;
const NESTING: Readonly<Partial<Record<string, number>>> = { '{': 1, '[': 1, '}': -1, ']': -1 };
const ATOM = /[^,\]} \t\n\r]+/y;

function match(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

/** End of the value that starts at `at`. */
function endOfValue(text: string, at: number): number {
  const first = text[at];
  if (first === '"') return match(STRING, text, at);
  if (first !== '{' && first !== '[') return match(ATOM, text, at);
  let depth = 0;
  for (let i = at; i < text.length;) {
    if (text[i] === '"') {
      i = match(STRING, text, i);
      continue;
    }
    depth += NESTING[text[i] ?? ''] ?? 0;
    i++;
    if (depth === 0) return i;
  }
  return text.length;
}

interface Member {
  /** Key of an object's member, index of an array's element. */
  readonly key: string | number;
  readonly start: number;
  readonly end: number;
}

function* members(text: string, at: number): Generator<Member> {
  const object = text[at] === '{';
  let i = match(SPACE, text, at + 1);
  for (let index = 0; text[i] !== '}' && text[i] !== ']'; index++) {
    let key: string | number = index;
    if (object) {
      const end = match(STRING, text, i);
      key = JSON.parse(text.slice(i, end)) as string;
      i = match(SPACE, text, match(SPACE, text, end) + 1);
    }
    const end = endOfValue(text, i);
    yield { key, start: i, end };
    i = match(SPACE, text, end);
    if (text[i] === ',') i = match(SPACE, text, i + 1);
  }
}

function child(text: string, at: number, segment: string): Member | null {
  if (text[at] === '[') return element([...members(text, at)], segment);
  if (text[at] !== '{') return null;
  let found: Member | null = null;
  for (const member of members(text, at)) if (member.key === segment) found = member;
  return found;
}

/** Arrays take an index; a negative one counts from the end. */
function element(elements: readonly Member[], segment: string): Member | null {
  if (!/^[+-]?[0-9]{1,9}$/.test(segment)) return null;
  return elements.at(Number(segment)) ?? null;
}

/** Where a field lies: `path` leads into nested objects; the whole `key` may also stand at the top, and then wins. */
export interface JsonPlace {
  readonly key: string;
  readonly path: readonly string[];
}

/** The value's JSON text at a place, `undefined` when there is none. */
export function jsonAt(json: string, place: JsonPlace): string | undefined {
  const top = match(SPACE, json, 0);
  const whole = child(json, top, place.key);
  if (whole !== null) return json.slice(whole.start, whole.end);
  if (place.path.length < 2) return undefined;
  let at: Member = { key: '', start: top, end: json.length };
  for (const segment of place.path) {
    const next = child(json, at.start, segment);
    if (next === null) return undefined;
    at = next;
  }
  return json.slice(at.start, at.end);
}

/** A JSON value as text: strings unquoted, everything else as the client spelled it; JSON null and nothing are `null`. */
export function jsonText(value: string | undefined): string | null {
  if (value === undefined || value === 'null') return null;
  return value.startsWith('"') ? (JSON.parse(value) as string) : value;
}

/** Keys at the top of a JSON object; one that is spelled twice comes twice. */
export function jsonKeys(json: string): string[] {
  const top = match(SPACE, json, 0);
  if (json[top] !== '{') return [];
  return Array.from(members(json, top), ({ key }) => String(key));
}
