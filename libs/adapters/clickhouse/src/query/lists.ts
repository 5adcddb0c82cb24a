import type { StoredEvent } from '@productgraph/contracts';
import {
  encodeCursor,
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
import type { Asking } from './asking.ts';
import { catalogueStatement } from './catalogue-sql.ts';
import { eventsStatement } from './events-sql.ts';
import { userIdsStatement, userSessionsStatement, usersStatement } from './users-sql.ts';

export async function askEvents(
  question: EventsQuestion,
  asking: Asking,
): Promise<Pick<EventsAnswer, 'items' | 'pageInfo'>> {
  const rows = await asking.rows<StoredEvent>(eventsStatement(question, asking.reading));
  return pageOf(rows, question.page, (event) => ({
    cursor: encodeCursor([event.timestamp, event.sequence, event.eventId]),
    event,
  }));
}

type Seen = Pick<UserSummary, 'userKey' | 'firstSeen' | 'lastSeen' | 'events'>;
type Ids = Pick<UserSummary, 'userKey' | 'userId' | 'anonymousId'>;
type Sessions = Pick<UserSummary, 'userKey' | 'sessions'>;

export async function askUsers(
  question: UsersQuestion,
  asking: Asking,
): Promise<Pick<UsersAnswer, 'items' | 'pageInfo'>> {
  const { reading } = asking;
  const seen = await asking.rows<Seen>(usersStatement(question, reading));
  const keys = seen.slice(0, question.page.first).map(({ userKey }) => userKey);
  const [ids, sessions] =
    keys.length === 0
      ? [[], []]
      : await Promise.all([
          asking.rows<Ids>(userIdsStatement(question, reading, keys)),
          asking.rows<Sessions>(userSessionsStatement(question, reading, keys)),
        ]);
  const idsOf = new Map(ids.map((row) => [row.userKey, row]));
  const sessionsOf = new Map(sessions.map((row) => [row.userKey, row]));
  return pageOf(seen, question.page, (user) => ({
    cursor: encodeCursor([user.lastSeen, user.userKey]),
    user: {
      userId: null,
      anonymousId: null,
      sessions: 0,
      ...idsOf.get(user.userKey),
      ...sessionsOf.get(user.userKey),
      ...user,
    },
  }));
}

export async function askCatalogue(
  question: CatalogueQuestion,
  asking: Asking,
): Promise<Pick<CatalogueAnswer, 'items'>> {
  const items = await asking.rows<CatalogueAnswer['items'][number]>(catalogueStatement(question, asking.reading));
  return { items: items.map((item) => ({ ...item, value: spelledValue(question.field, item.value) })) };
}
