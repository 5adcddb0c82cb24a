import type { StoredEvent } from '@productgraph/contracts';
import {
  comparisonOf,
  compares,
  fieldNamed,
  jsonAt,
  jsonText,
  textValue,
  type EventSelector,
  type Field,
  type FieldName,
  type FieldValue,
  type Filter,
} from '@productgraph/domain-query';
import type { EventRow } from './event-row.ts';

/** A row in which any part may be missing: a filter on sessions sees no event. */
export type Seen = { readonly [K in keyof EventRow]: EventRow[K] | null };

const NOTHING: FieldValue = { text: null, number: null };

/** The value of a field in one row. */
export function valueOf(field: Field, { event, session }: Seen): FieldValue {
  const { source } = field;
  if (source.kind === 'session') return scalar(session?.[source.property] ?? null);
  return event === null ? NOTHING : valueInEvent(event, field.type, source);
}

function valueInEvent(
  event: StoredEvent,
  type: Field['type'],
  source: Exclude<Field['source'], { kind: 'session' }>,
): FieldValue {
  switch (source.kind) {
    case 'event': {
      const value = event[source.property];
      return type === 'json' ? textValue(jsonText(value === null ? undefined : String(value))) : scalar(value);
    }
    case 'flag':
      return scalar((event.flags & source.bit) !== 0);
    case 'json':
      return textValue(jsonText(jsonAt(event[source.property], source.place)));
  }
}

function scalar(value: string | number | boolean | null): FieldValue {
  if (value === null) return NOTHING;
  return { text: String(value), number: typeof value === 'number' ? value : null };
}

export function textOf(name: FieldName, row: Seen): string | null {
  return valueOf(fieldNamed(name), row).text;
}

export function matches(filter: Filter | null, row: Seen): boolean {
  if (filter === null) return true;
  switch (filter.kind) {
    case 'and':
      return filter.filters.every((inner) => matches(inner, row));
    case 'or':
      return filter.filters.some((inner) => matches(inner, row));
    case 'not':
      return !matches(filter.filter, row);
    case 'condition': {
      const field = fieldNamed(filter.field);
      const result = comparisonOf(field, filter);
      if ('fault' in result) throw new TypeError(result.fault);
      return compares(result.comparison, valueOf(field, row));
    }
  }
}

export function selects(selector: EventSelector, row: EventRow): boolean {
  const { type, name, filter } = selector;
  return (
    (type === null || row.event.type === type) && (name === null || row.event.name === name) && matches(filter, row)
  );
}
