import { type NativeField, nativeEventSchema } from '@productgraph/contracts';
import { WordTable } from './word-table.ts';

/** How a field is checked and decoded. */
export type FieldKind =
  | 'eventId'
  | 'type'
  | 'timestamp'
  | 'sequence'
  | 'id'
  | 'text'
  | 'status'
  | 'milliseconds'
  | 'json'
  | 'object'
  | 'groups';

const KINDS: Readonly<Record<NativeField, FieldKind>> = {
  event_id: 'eventId',
  'event.type': 'type',
  'event.name': 'id',
  'event.timestamp': 'timestamp',
  'event.sequence': 'sequence',
  'session.id': 'id',
  'user.id': 'id',
  'anonymous.id': 'id',
  'page.path': 'text',
  'page.title': 'text',
  'page.url': 'text',
  'page.referrer': 'text',
  'ui.component.name': 'text',
  'ui.component.path': 'text',
  'ui.component.type': 'text',
  'ui.action': 'text',
  'ui.element': 'text',
  'ui.element.text': 'text',
  'ui.state.key': 'text',
  'ui.state.before': 'json',
  'ui.state.after': 'json',
  'gen_ai.journey.id': 'id',
  'gen_ai.step.id': 'id',
  'gen_ai.step.name': 'id',
  'api.method': 'text',
  'api.route': 'text',
  'api.status': 'status',
  'api.duration_ms': 'milliseconds',
  'error.type': 'text',
  'error.message': 'text',
  'error.stack': 'text',
  duration_ms: 'milliseconds',
  properties: 'object',
  metadata: 'object',
  context: 'object',
  groups: 'groups',
};

/** A documented field. `slot` is its index in arrays that hold one value per field. */
export interface Field {
  readonly name: NativeField;
  readonly kind: FieldKind;
  readonly slot: number;
}

const names = Object.keys(nativeEventSchema.shape) as NativeField[];

/** The fields by slot. */
export const FIELDS: readonly Field[] = names.map((name, slot) => ({ name, kind: KINDS[name], slot }));

/** Slot of each field. */
export const SLOT = Object.fromEntries(names.map((name, slot) => [name, slot])) as Readonly<
  Record<NativeField, number>
>;

function prefixesOf(name: string): string[] {
  const parts = name.split('.');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('.'));
}

/**
 * Names under which fields may be nested: `event`, `page`, `ui`, `ui.component`, …
 * An object under such a name is opened; `properties`, `context`, … are never prefixes.
 */
const prefixes = [...new Set(names.flatMap(prefixesOf))];

/** A name as an event may spell it, and what it may mean; `ui.element` is both. */
export interface KnownName {
  /** Slot of the field of that name, -1 when there is none. */
  readonly slot: number;
  readonly isPrefix: boolean;
}

const knownNames = [...new Set([...names, ...prefixes])];

/** What the word of that index in {@link NAMES} means. */
export const KNOWN: readonly KnownName[] = knownNames.map((name) => ({
  slot: names.indexOf(name as NativeField),
  isPrefix: prefixes.includes(name),
}));

/** Finds flat names by their bytes; indexes are those of {@link KNOWN}. */
export const NAMES = new WordTable(knownNames);

/** Names that can follow a prefix. */
interface Suffixes {
  readonly words: WordTable;
  /** Index in {@link KNOWN} by index in `words`. */
  readonly known: readonly number[];
}

function suffixesOf(prefix: string): Suffixes {
  const known = knownNames.flatMap((name, index) => (name.startsWith(prefix) ? [index] : []));
  return { words: new WordTable(known.map((index) => (knownNames[index] ?? '').slice(prefix.length))), known };
}

/** Finds names by the bytes of a key inside an object under a prefix (with a dot behind). */
export const SUFFIXES: ReadonlyMap<string, Suffixes> = new Map(
  prefixes.map((prefix) => [`${prefix}.`, suffixesOf(`${prefix}.`)]),
);

/** The same by text, for keys that hold escapes. */
export const NAME_INDEX: ReadonlyMap<string, number> = new Map(knownNames.map((name, index) => [name, index]));

/** The name of that index in {@link KNOWN}. */
export const nameOf = (index: number): string => knownNames[index] ?? '';
