import { fieldOf } from './fields.ts';
import type { FieldName } from './questions.ts';

/** A field's value as text as an answer shows it. Numbers are spelled as JavaScript does: stores write 1e-07 or 1e15. */
export function spelledValue<T extends string | null>(field: FieldName | null | undefined, value: T): T | string {
  if (value === null || fieldOf(field ?? '')?.type !== 'number') return value;
  return String(Number(value));
}
