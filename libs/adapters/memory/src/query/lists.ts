import { compareEvents, compareText } from '@productgraph/contracts';
import {
  containsText,
  CURSOR_SHAPES,
  decodeCursor,
  encodeCursor,
  type CatalogueAnswer,
  type CatalogueQuestion,
  type CursorKey,
  type EventsAnswer,
  type EventsQuestion,
  jsonKeys,
  type Page,
  type UsersAnswer,
  type UsersQuestion,
  type UserSummary,
} from '@productgraph/domain-query';
import { selects, textOf } from './filters.ts';
import type { EventRow } from './event-row.ts';
import { rowsInScope, type ProjectRows } from './rows.ts';

export interface Paged<T> {
  readonly items: readonly { readonly cursor: string; readonly item: T }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** One page of a sorted list: what comes after the cursor's key in the list's own order. */
export function pageOf<T>(
  sorted: readonly T[],
  page: Page,
  by: {
    readonly key: (item: T) => CursorKey;
    readonly shape: readonly ('string' | 'number')[];
    readonly compare: (a: CursorKey, b: CursorKey) => number;
  },
): Paged<T> {
  const after = page.after === null ? null : decodeCursor(page.after, by.shape);
  const rest = after === null ? sorted : sorted.filter((item) => by.compare(by.key(item), after) > 0);
  const items = rest.slice(0, page.first).map((item) => ({ cursor: encodeCursor(by.key(item)), item }));
  return { items, pageInfo: { hasNextPage: rest.length > page.first, endCursor: items.at(-1)?.cursor ?? null } };
}

/** First part descending, the others ascending (`1`) or descending (`-1`). */
export function newestFirst(others: 1 | -1): (a: CursorKey, b: CursorKey) => number {
  return (a, b) => {
    for (let i = 0; i < a.length; i++) {
      const [x, y] = [a[i], b[i]];
      const order = typeof x === 'number' && typeof y === 'number' ? x - y : compareText(String(x), String(y));
      if (order !== 0) return i === 0 ? -order : order * others;
    }
    return 0;
  };
}

export function answerEvents(question: EventsQuestion, rows: ProjectRows): Pick<EventsAnswer, 'items' | 'pageInfo'> {
  const events = rowsInScope(rows, question)
    .filter((row) => question.userKey === null || row.event.userKey === question.userKey)
    .filter((row) => selects(question.event, row))
    .map(({ event }) => event)
    .sort((a, b) => compareEvents(b, a));
  const page = pageOf(events, question.page, {
    key: (event) => [event.timestamp, event.sequence, event.eventId],
    shape: CURSOR_SHAPES.events,
    compare: newestFirst(-1),
  });
  return { ...page, items: page.items.map(({ cursor, item }) => ({ cursor, event: item })) };
}

export function answerUsers(question: UsersQuestion, rows: ProjectRows): Pick<UsersAnswer, 'items' | 'pageInfo'> {
  const groups = [...Map.groupBy(rowsInScope(rows, question), ({ event }) => event.userKey).values()];
  const compare = newestFirst(1);
  const key = (user: UserSummary): CursorKey => [user.lastSeen, user.userKey];
  const users = groups
    .filter((own) => question.search === null || isFound(own, question.search))
    .map((own) => summary(own, question, rows))
    .sort((a, b) => compare(key(a), key(b)));
  const page = pageOf(users, question.page, { key, shape: CURSOR_SHAPES.users, compare });
  return { ...page, items: page.items.map(({ cursor, item }) => ({ cursor, user: item })) };
}

function isFound(own: readonly EventRow[], search: string): boolean {
  return own.some(({ event }) =>
    [event.userId, event.anonymousId].some((id) => id !== null && containsText(id, search)),
  );
}

function summary(own: readonly EventRow[], { from, to }: UsersQuestion, rows: ProjectRows): UserSummary {
  const userKey = own[0]?.event.userKey ?? '';
  const times = own.map(({ event }) => event.timestamp);
  const sessions = rows.parts.filter((part) => part.userKey === userKey && part.start < to && part.end >= from);
  return {
    userKey,
    userId: own.findLast(({ event }) => event.userId !== null)?.event.userId ?? null,
    anonymousId: own.findLast(({ event }) => event.anonymousId !== null)?.event.anonymousId ?? null,
    firstSeen: Math.min(...times),
    lastSeen: Math.max(...times),
    events: own.length,
    sessions: new Set(sessions.map((part) => part.sessionId)).size,
  };
}

export function answerCatalogue(question: CatalogueQuestion, rows: ProjectRows): Pick<CatalogueAnswer, 'items'> {
  const found = new Map<string, { value: string; count: number; lastSeen: number }>();
  for (const row of rowsInScope(rows, question)) {
    for (const value of entriesOf(question, row)) {
      if (question.search !== null && !containsText(value, question.search)) continue;
      const entry = found.get(value) ?? { value, count: 0, lastSeen: -Infinity };
      found.set(value, entry);
      entry.count++;
      entry.lastSeen = Math.max(entry.lastSeen, row.event.timestamp);
    }
  }
  const items = [...found.values()].sort((a, b) => b.count - a.count || compareText(a.value, b.value));
  return { items: items.slice(0, question.limit) };
}

function entriesOf({ of, field }: CatalogueQuestion, row: EventRow): string[] {
  if (of === 'eventNames') return [row.event.name ?? row.event.type];
  if (of === 'properties') return jsonKeys(row.event.properties);
  const text = field === null ? null : textOf(field, row);
  return text === null ? [] : [text];
}
