import type { StoredEvent } from '@productgraph/contracts';
import {
  CURSOR_SHAPES,
  decodeCursor,
  encodeCursor,
  newestFirst,
  pageOf,
  spelledValue,
  type CatalogueAnswer,
  type CatalogueQuestion,
  type EventsAnswer,
  type EventsQuestion,
  type UsersAnswer,
  type UsersQuestion,
  type UserSummary,
} from '@productgraph/domain-query';
import { eventFromRow } from '../event-store/read-events.ts';
import type { Asking } from './asking.ts';
import { catalogueStatement } from './catalogue-sql.ts';
import { eventsStatement } from './events-sql.ts';
import { userDetailsStatement, usersStatement } from './users-sql.ts';

export async function askEvents(
  question: EventsQuestion,
  asking: Asking,
): Promise<Pick<EventsAnswer, 'items' | 'pageInfo'>> {
  const rows: StoredEvent[] = [];
  for (const range of rangesOf(question)) {
    const found = await asking.rows<Readonly<Record<string, unknown>>>(eventsStatement(question, range));
    rows.push(...found.map(eventFromRow));
    if (rows.length > question.page.first) break;
  }
  return pageOf(rows, question.page, (event) => ({
    cursor: encodeCursor([event.timestamp, event.sequence, event.eventId]),
    event,
  }));
}

/** A user's events are found by index: no need to cut. */
function rangesOf(question: EventsQuestion): Iterable<{ from: number; to: number }> {
  const after = question.page.after === null ? null : decodeCursor(question.page.after, CURSOR_SHAPES.events);
  const to = after === null ? question.to : Math.min(question.to, Number(after[0]) + 1);
  if (to <= question.from) return [];
  return question.userKey === null ? newestFirst({ from: question.from, to }) : [{ from: question.from, to }];
}

type Seen = Pick<UserSummary, 'userKey' | 'firstSeen' | 'lastSeen' | 'events'>;
type Details = Pick<UserSummary, 'userKey' | 'userId' | 'anonymousId' | 'sessions'>;

export async function askUsers(
  question: UsersQuestion,
  asking: Asking,
): Promise<Pick<UsersAnswer, 'items' | 'pageInfo'>> {
  const seen = await asking.rows<Seen>(usersStatement(question));
  const keys = seen.slice(0, question.page.first).map(({ userKey }) => userKey);
  const details = keys.length === 0 ? [] : await asking.rows<Details>(userDetailsStatement(question, keys));
  const byKey = new Map(details.map((row) => [row.userKey, row]));
  return pageOf(seen, question.page, (user) => ({
    cursor: encodeCursor([user.lastSeen, user.userKey]),
    user: { userId: null, anonymousId: null, sessions: 0, ...byKey.get(user.userKey), ...user },
  }));
}

export async function askCatalogue(
  question: CatalogueQuestion,
  asking: Asking,
): Promise<Pick<CatalogueAnswer, 'items'>> {
  const items = await asking.rows<CatalogueAnswer['items'][number]>(catalogueStatement(question));
  return { items: items.map((item) => ({ ...item, value: spelledValue(question.field, item.value) })) };
}
