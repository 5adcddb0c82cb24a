import type { EventReader } from './event-reader.ts';
import { SLOT } from './fields.ts';
import type { JsonScanner } from './json-scanner.ts';

const QUOTE = 34;

/** Adds the members of the object at `at` to `members`, by key; values as they stand, the later of equal keys. */
function addMembers(members: Map<string, string>, scan: JsonScanner, at: number): void {
  const { bytes } = scan;
  // The object has been scanned before: it is valid.
  for (let i = scan.space(at + 1); bytes[i] === QUOTE;) {
    const keyEnd = scan.string(i);
    const value = scan.space(scan.space(keyEnd) + 1);
    const end = scan.value(value);
    members.set(JSON.parse(bytes.toString('utf8', i, keyEnd)) as string, bytes.toString('utf8', value, end));
    // A comma leads to the next key, the closing brace ends the loop.
    i = scan.space(scan.space(end) + 1);
  }
}

/** Adds the keys that are no field. Of several spellings the outermost counts, which comes first; within one object the last of equal keys. */
function addUnknown(members: Map<string, string>, reader: EventReader): void {
  const holders = new Map<string, number>();
  for (const { prefix, object, key, value } of reader.unknown) {
    const name = prefix + reader.string(key.start, key.end);
    const holder = holders.get(name) ?? object;
    if (holder !== object) continue;
    holders.set(name, object);
    members.set(name, reader.text(value.start, value.end));
  }
}

/**
 * The event's properties as JSON text: `properties` over `metadata` over the keys that are no field. Values are carried as sent;
 * `properties` alone is carried byte for byte.
 * @param own JSON text of `properties`, null when the event has none
 */
export function mergeProperties(reader: EventReader, own: string | null): string {
  const { starts, scan } = reader;
  const hasOther = reader.has(SLOT.metadata);
  if (reader.unknown.length === 0 && !hasOther) return own ?? '{}';
  const members = new Map<string, string>();
  addUnknown(members, reader);
  if (hasOther) addMembers(members, scan, starts[SLOT.metadata] ?? 0);
  if (own !== null) addMembers(members, scan, starts[SLOT.properties] ?? 0);
  return `{${[...members].map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`;
}
