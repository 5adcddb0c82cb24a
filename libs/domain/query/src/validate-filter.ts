import { EVENT_TYPES } from '@productgraph/contracts';
import { comparisonOf } from './comparison.ts';
import { fieldOf } from './fields.ts';
import { QUESTION_LIMITS } from './limits.ts';
import type { Condition, EventSelector, FieldName, Filter } from './questions.ts';

/** Takes one fault: the path to the field, and what is wrong with it. */
export type Report = (path: string, fault: string) => void;

export function checkText(text: string, path: string, report: Report): void {
  if (text.includes('\0')) report(path, 'holds U+0000');
  if (text.length > QUESTION_LIMITS.text) report(path, `is longer than ${QUESTION_LIMITS.text} characters`);
}

export function checkField(name: FieldName, path: string, report: Report): void {
  if (fieldOf(name) === null) report(path, `${name} is no field`);
}

/** A field that sums and percentiles can be made of. */
export function checkNumberField(name: FieldName, path: string, report: Report): void {
  const field = fieldOf(name);
  if (field === null) report(path, `${name} is no field`);
  else if (field.type !== 'number' && field.type !== 'json') report(path, `${name} is not a number`);
}

export function checkSelector(selector: EventSelector, path: string, report: Report): void {
  if (selector.type !== null && !EVENT_TYPES.some((type) => type === selector.type)) {
    report(`${path}.type`, `${selector.type} is no event type`);
  }
  if (selector.name !== null) checkText(selector.name, `${path}.name`, report);
  checkFilter(selector.filter, `${path}.filter`, report);
}

export function checkFilter(filter: Filter | null, path: string, report: Report): void {
  if (filter === null) return;
  const size = { conditions: 0 };
  walk(filter, { path, depth: 1, size, report });
  if (size.conditions > QUESTION_LIMITS.conditions)
    report(path, `has more than ${QUESTION_LIMITS.conditions} conditions`);
}

interface Walk {
  readonly path: string;
  readonly depth: number;
  readonly size: { conditions: number };
  readonly report: Report;
}

function walk(filter: Filter, at: Walk): void {
  const { path, depth, size, report } = at;
  if (depth > QUESTION_LIMITS.filterDepth) {
    report(path, `nests deeper than ${QUESTION_LIMITS.filterDepth}`);
    return;
  }
  switch (filter.kind) {
    case 'condition':
      size.conditions++;
      checkCondition(filter, path, report);
      return;
    case 'not':
      walk(filter.filter, { ...at, path: `${path}.filter`, depth: depth + 1 });
      return;
    default:
      filter.filters.forEach((inner, i) => walk(inner, { ...at, path: `${path}.filters[${i}]`, depth: depth + 1 }));
  }
}

function checkCondition(condition: Condition, path: string, report: Report): void {
  const field = fieldOf(condition.field);
  if (field === null) {
    report(`${path}.field`, `${condition.field} is no field`);
    return;
  }
  const result = comparisonOf(field, condition);
  if ('fault' in result) report(`${path}.values`, result.fault);
}
