import { fieldOf, isSessionField, type Field } from './fields.ts';
import type { FieldName, Filter } from './questions.ts';

/** @throws TypeError for a name that is none: questions are validated before */
export function fieldNamed(name: FieldName): Field {
  const field = fieldOf(name);
  if (field === null) throw new TypeError(`${name} is no field`);
  return field;
}

/** True when a filter asks for anything but fields of sessions: then it is about the events in them. */
export function readsEvents(filter: Filter): boolean {
  if (filter.kind === 'condition') return !isSessionField(filter.field);
  return filter.kind === 'not' ? readsEvents(filter.filter) : filter.filters.some(readsEvents);
}
