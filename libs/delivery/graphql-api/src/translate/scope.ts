import { isTimeZone, parseRange, type Page, type Scope, type TimeRange } from '@productgraph/domain-query';
import type { Project } from '@productgraph/domain-tenant';
import type { FilterInput, InputMaybe } from '../generated/schema.ts';
import type { Faults } from './faults.ts';
import { filterFromGraphql } from './filter.ts';

/** What every question's input carries. */
export interface ScopeInput {
  readonly projectId?: InputMaybe<string>;
  readonly range?: InputMaybe<string>;
  readonly timeZone?: InputMaybe<string>;
  readonly filter?: InputMaybe<FilterInput>;
  readonly includeBots: boolean;
}

/** No event lies before: earlier times are quarantined. */
const FIRST_TIME = Date.UTC(2000, 0, 1);

export interface Asked {
  readonly project: Project;
  /** Unix ms. */
  readonly now: number;
  readonly faults: Faults;
}

/** Without a range: all times up to now. */
export function scopeFromGraphql(input: ScopeInput, { project, now, faults }: Asked): Scope {
  const timeZone = input.timeZone ?? project.timeZone;
  return {
    projectId: project.id,
    ...rangeFromGraphql(input.range, { now, timeZone: isTimeZone(timeZone) ? timeZone : 'UTC', faults }),
    timeZone,
    filter: filterFromGraphql(input.filter, 'filter', faults),
    includeBots: input.includeBots,
  };
}

export function rangeFromGraphql(
  text: InputMaybe<string> | undefined,
  { now, timeZone, faults }: { readonly now: number; readonly timeZone: string; readonly faults: Faults },
): TimeRange {
  if (text === undefined || text === null) return { from: FIRST_TIME, to: now + 1 };
  const range = parseRange(text, now, timeZone);
  if (range !== null) return range;
  faults.add('range', `"${text}" is not a range, or an empty one`);
  return { from: now, to: now + 1 };
}

export function pageFromGraphql(args: { readonly first: number; readonly after?: InputMaybe<string> }): Page {
  return { first: args.first, after: args.after ?? null };
}
