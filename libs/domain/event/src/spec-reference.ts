import { nativeEventSchema, type NativeField } from '@productgraph/contracts';

/*
 * What the spellings of an event mean, worked out on parsed values in the plainest way. The specs hold the byte-level reader against it.
 */

const FIELDS = Object.keys(nativeEventSchema.shape) as NativeField[];
const ANY_JSON: readonly string[] = ['ui.state.before', 'ui.state.after'];
const isPrefix = (name: string): boolean => FIELDS.some((field) => field.startsWith(`${name}.`));

type JsonObject = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

interface Found {
  readonly name: string;
  readonly path: readonly string[];
  readonly value: unknown;
}

function find(object: JsonObject, path: readonly string[]): Found[] {
  return Object.entries(object).flatMap(([key, value]) => {
    const here = [...path, key];
    const name = here.join('.');
    if (isPrefix(name) && isObject(value)) return find(value, here);
    if (isPrefix(name) && value === null && !isField(name)) return [];
    return [{ name, path: here, value }];
  });
}

const isField = (name: string): name is NativeField => (FIELDS as string[]).includes(name);

/** Longest first key first; among those, longest second key first; … */
function bySpelling(a: Found, b: Found): number {
  for (const [i, key] of a.path.entries()) {
    const difference = (b.path[i] ?? '').length - key.length;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The fields of an event (null only where any JSON may stand) and its other keys, by flat name. */
export function flatten(event: JsonObject): { fields: Record<string, unknown>; others: Record<string, unknown> } {
  const fields: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  const others: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const { name, value } of find(event, []).sort(bySpelling)) {
    if (!isField(name)) others[name] = name in others ? others[name] : value;
    else if (!(name in fields) && (value !== null || ANY_JSON.includes(name))) fields[name] = value;
  }
  return { fields, others };
}

/** What properties become: `properties` over `metadata` over the other keys. */
export function mergedProperties(event: JsonObject): JsonObject {
  const { fields, others } = flatten(event);
  return {
    ...others,
    ...(fields.metadata as JsonObject | undefined),
    ...(fields.properties as JsonObject | undefined),
  };
}
