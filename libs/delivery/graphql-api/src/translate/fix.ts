import type { QuarantineEntry } from '@productgraph/contracts';
import type { FieldFixInput } from '../generated/schema.ts';
import { parseExact } from './json.ts';

export interface Repaired {
  readonly repaired: readonly QuarantineEntry[];
  /** Entries that stay where they are: no event can be made of them. */
  readonly unreadable: readonly {
    readonly id: string;
    readonly code: 'malformed_body' | 'unreadable_line';
    readonly message: string;
  }[];
}

const RAW_LINE =
  'A line of an imported file is no event. Import the file again in the right format, or fix a JSON line.';
const NO_OBJECT = 'The payload is no JSON object: nothing can be set in it.';

/**
 * Sets or removes fields in the payloads; numbers keep their digits. An event without an `event_id` gets the entry's id, so
 * that sending it twice stores it once; all others stay byte by byte when there are no fixes.
 */
export function repair(entries: readonly QuarantineEntry[], fixes: readonly FieldFixInput[]): Repaired {
  const repaired: QuarantineEntry[] = [];
  const unreadable: Repaired['unreadable'][number][] = [];
  for (const entry of entries) {
    const { id } = entry;
    const event = objectIn(entry.payload);
    if (entry.stage === 'import' && (event === null || fixes.length === 0))
      unreadable.push({ id, code: 'unreadable_line', message: RAW_LINE });
    else if (event === null && fixes.length > 0) unreadable.push({ id, code: 'malformed_body', message: NO_OBJECT });
    else repaired.push({ ...entry, payload: event === null ? entry.payload : fixed(entry, event, fixes) });
  }
  return { repaired, unreadable };
}

function fixed({ id, payload }: QuarantineEntry, event: JsonObject, fixes: readonly FieldFixInput[]): string {
  for (const fix of fixes) setField(event, fix);
  const hasId = Object.hasOwn(event, 'event_id') && event.event_id !== null;
  if (!hasId) setField(event, { field: 'event_id', value: id });
  return hasId && fixes.length === 0 ? payload : JSON.stringify(event);
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
