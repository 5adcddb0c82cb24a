import { nativeEventSchema } from '@productgraph/contracts';

/*
 * Properties of an event by the words of the contract, on the values of JSON.parse: slow, obvious, and independent of the scanner
 * that ingestion uses. Numbers are kept as they are written.
 */

const FIELDS: ReadonlySet<string> = new Set(Object.keys(nativeEventSchema.shape));
const PREFIXES: ReadonlySet<string> = new Set(
  [...FIELDS].flatMap((name) =>
    name
      .split('.')
      .slice(0, -1)
      .map((_, at, parts) => parts.slice(0, at + 1).join('.')),
  ),
);

/** A number as written. */
class Written {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Members = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Written);

/** JSON.parse that keeps numbers as written. */
export function parseExact(text: string): unknown {
  const keep = (_key: string, value: unknown, { source }: { source?: string }): unknown =>
    typeof value === 'number' ? new Written(source ?? String(value)) : value;
  return JSON.parse(text, keep as (key: string, value: unknown) => unknown);
}

/** One text for equal values: keys sorted, numbers as written. */
export function canonical(value: unknown): string {
  if (value instanceof Written) return value.text;
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join()}}`;
}

interface Found {
  readonly fields: Map<string, unknown>;
  readonly unknown: Map<string, unknown>;
}

/** Flat spellings count before nested ones, those with the longest first key before shorter ones. */
function read(event: Members): Found {
  const found: Found = { fields: new Map(), unknown: new Map() };
  const nested = take(event, '', found).sort((a, b) => b.prefix.length - a.prefix.length);
  for (let next = nested.shift(); next !== undefined; next = nested.shift())
    nested.push(...take(next.object, next.prefix, found));
  return found;
}

interface Nested {
  readonly prefix: string;
  readonly object: Members;
}

function take(object: Members, prefix: string, { fields, unknown }: Found): Nested[] {
  const nested: Nested[] = [];
  for (const [key, value] of Object.entries(object)) {
    const name = prefix + key;
    if (PREFIXES.has(name) && isObject(value)) nested.push({ prefix: `${name}.`, object: value });
    // Null counts as absent, of fields and of objects that hold fields.
    else if (value === null && (FIELDS.has(name) || PREFIXES.has(name))) continue;
    else setOnce(FIELDS.has(name) ? fields : unknown, name, value);
  }
  return nested;
}

function setOnce(target: Map<string, unknown>, name: string, value: unknown): void {
  if (!target.has(name)) target.set(name, value);
}

/**
 * `properties` over `metadata` over the keys that are no field, in one canonical text.
 * @param event as read by {@link parseExact}
 */
export function referenceProperties(event: unknown): string {
  if (!isObject(event)) throw new TypeError('Not an object');
  const { fields, unknown } = read(event);
  const merged = new Map(unknown);
  for (const field of ['metadata', 'properties']) {
    const value = fields.get(field);
    if (isObject(value)) for (const [key, member] of Object.entries(value)) merged.set(key, member);
  }
  const members = [...merged].sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join()}}`;
}
