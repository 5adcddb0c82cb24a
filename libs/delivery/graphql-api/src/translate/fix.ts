import type { QuarantineEntry } from '@productgraph/contracts';
import type { FieldFixInput } from '../generated/schema.ts';
import { parseExact } from './json.ts';

export interface Repaired {
  readonly repaired: readonly QuarantineEntry[];
  /** Entries whose payload is no JSON object, so that no field of it can be set. */
  readonly unreadable: readonly { readonly id: string; readonly message: string }[];
}

/** Sets or removes fields in the payloads; numbers keep their digits. Without fixes payloads stay byte by byte. */
export function repair(entries: readonly QuarantineEntry[], fixes: readonly FieldFixInput[]): Repaired {
  if (fixes.length === 0) return { repaired: entries, unreadable: [] };
  const repaired: QuarantineEntry[] = [];
  const unreadable: { id: string; message: string }[] = [];
  for (const entry of entries) {
    const event = objectIn(entry.payload);
    if (event === null)
      unreadable.push({ id: entry.id, message: 'The payload is no JSON object: nothing can be set in it.' });
    else {
      for (const fix of fixes) setField(event, fix);
      repaired.push({ ...entry, payload: JSON.stringify(event) });
    }
  }
  return { repaired, unreadable };
}

type JsonObject = Record<string, unknown>;

function objectIn(payload: string): JsonObject | null {
  try {
    const value = parseExact(payload);
    return isObject(value) ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Where the client wrote it: flat (`"event.type"`), nested (`{"event":{"type":…}}`), or flat when it is not there yet. */
function setField(event: JsonObject, { field, value }: FieldFixInput): void {
  const place = Object.hasOwn(event, field) ? null : nestedPlace(event, field);
  const target = place?.parent ?? event;
  const key = place?.key ?? field;
  if (value === undefined) Reflect.deleteProperty(target, key);
  else Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

function nestedPlace(event: JsonObject, field: string): { parent: JsonObject; key: string } | null {
  const path = field.split('.');
  const key = path.pop() ?? '';
  let parent = event;
  for (const name of path) {
    const next = Object.hasOwn(parent, name) ? parent[name] : undefined;
    if (!isObject(next)) return null;
    parent = next;
  }
  return path.length > 0 ? { parent, key } : null;
}
