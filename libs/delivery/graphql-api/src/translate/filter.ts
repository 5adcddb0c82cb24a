import { type Condition, type EventSelector, type Filter, type Scalar } from '@productgraph/domain-query';
import type { EventInput, FilterInput, InputMaybe } from '../generated/schema.ts';
import type { Faults } from './faults.ts';

export function filterFromGraphql(
  input: InputMaybe<FilterInput> | undefined,
  path: string,
  faults: Faults,
): Filter | null {
  return input ? filter(input, path, faults) : null;
}

export function eventFromGraphql(
  input: InputMaybe<EventInput> | undefined,
  path: string,
  faults: Faults,
): EventSelector {
  return {
    type: input?.type ?? null,
    name: input?.name ?? null,
    filter: filterFromGraphql(input?.filter, `${path}.filter`, faults),
  };
}

const NOTHING: Filter = { kind: 'and', filters: [] };

function filter(input: FilterInput, path: string, faults: Faults): Filter {
  const given = [input.field, input.and, input.or, input.not].filter((part) => part !== undefined && part !== null);
  if (given.length !== 1) {
    faults.add(path, 'give exactly one of field, and, or, not');
    return NOTHING;
  }
  const below = (name: string, one: FilterInput): Filter => filter(one, `${path}.${name}`, faults);
  if (input.and) return { kind: 'and', filters: input.and.map((one, i) => below(`and[${i}]`, one)) };
  if (input.or) return { kind: 'or', filters: input.or.map((one, i) => below(`or[${i}]`, one)) };
  if (input.not) return { kind: 'not', filter: below('not', input.not) };
  return condition(input, path, faults);
}

function condition(input: FilterInput, path: string, faults: Faults): Condition {
  const single = input.value ?? null;
  if (single !== null && input.values) faults.add(path, 'give value or values, not both');
  const values: readonly Scalar[] = input.values ?? (single === null ? [] : [single]);
  const operator = input.operator ?? (values.length > 1 ? 'in' : 'eq');
  return { kind: 'condition', field: input.field ?? '', operator, values };
}
