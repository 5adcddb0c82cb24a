import type {
  CatalogueQuestion,
  EventsAnswer,
  EventsQuestion,
  SessionsAnswer,
  SessionsQuestion,
  UsersAnswer,
  UsersQuestion,
} from '@productgraph/domain-query';
import type {
  QueryCatalogueArgs,
  QueryEventsArgs,
  QuerySessionsArgs,
  QueryUsersArgs,
  ResolversTypes,
} from '../generated/schema.ts';
import { eventFromGraphql } from './filter.ts';
import { type Asked, pageFromGraphql, scopeFromGraphql } from './scope.ts';

export function eventsFromGraphql(args: QueryEventsArgs, asked: Asked): EventsQuestion {
  return {
    kind: 'events',
    ...scopeFromGraphql(args.input, asked),
    event: eventFromGraphql(args.input.event, 'event', asked.faults),
    userKey: args.input.userKey ?? null,
    page: pageFromGraphql(args),
  };
}

export function usersFromGraphql(args: QueryUsersArgs, asked: Asked): UsersQuestion {
  return {
    kind: 'users',
    ...scopeFromGraphql(args.input, asked),
    search: args.input.search ?? null,
    page: pageFromGraphql(args),
  };
}

export function sessionsFromGraphql(args: QuerySessionsArgs, asked: Asked): SessionsQuestion {
  return {
    kind: 'sessions',
    ...scopeFromGraphql(args.input, asked),
    userKey: args.input.userKey ?? null,
    page: pageFromGraphql(args),
  };
}

export function catalogueFromGraphql({ input, first }: QueryCatalogueArgs, asked: Asked): CatalogueQuestion {
  return {
    kind: 'catalogue',
    ...scopeFromGraphql(input, asked),
    of: input.of,
    field: input.field ?? null,
    search: input.search ?? null,
    limit: first,
  };
}

export function eventsToGraphql({ items, ...answer }: EventsAnswer): ResolversTypes['EventConnection'] {
  return { ...answer, edges: items.map(({ cursor, event }) => ({ cursor, node: event })) };
}

export function usersToGraphql({ items, ...answer }: UsersAnswer): ResolversTypes['UserConnection'] {
  return { ...answer, edges: items.map(({ cursor, user }) => ({ cursor, node: user })) };
}

export function sessionsToGraphql({ items, ...answer }: SessionsAnswer): ResolversTypes['SessionConnection'] {
  return { ...answer, edges: items.map(({ cursor, session }) => ({ cursor, node: session })) };
}
