import type {
  AnswerMeta,
  EventsQuestion,
  SessionsQuestion,
  UsersAnswer,
  UsersQuestion,
  UserSummary,
} from '@productgraph/domain-query';
import type { UserInput, UserSessionsArgs, UserTimelineArgs } from '../generated/schema.ts';
import { eventFromGraphql } from './filter.ts';
import { type Asked, pageFromGraphql, scopeFromGraphql } from './scope.ts';

/** A user that was found, with the input that found it: timeline and sessions are asked in the same scope. */
export interface UserFound extends AnswerMeta {
  readonly userKey: string;
  readonly input: UserInput;
  readonly summary: UserSummary;
}

/** The user's summary: `users` narrowed to the one key. */
export function userFromGraphql(input: UserInput, asked: Asked): UsersQuestion {
  return {
    kind: 'users',
    ...scopeFromGraphql(input, asked),
    filter: { kind: 'condition', field: 'user.key', operator: 'eq', values: [input.userKey] },
    search: null,
    page: { first: 1, after: null },
  };
}

export function timelineFromGraphql(input: UserInput, args: UserTimelineArgs, asked: Asked): EventsQuestion {
  return {
    kind: 'events',
    ...scopeFromGraphql({ ...input, filter: args.filter ?? null }, asked),
    event: eventFromGraphql(args.event, 'event', asked.faults),
    userKey: input.userKey,
    page: pageFromGraphql(args),
  };
}

export function userSessionsFromGraphql(input: UserInput, args: UserSessionsArgs, asked: Asked): SessionsQuestion {
  return {
    kind: 'sessions',
    ...scopeFromGraphql({ ...input, filter: args.filter ?? null }, asked),
    userKey: input.userKey,
    page: pageFromGraphql(args),
  };
}

export function userToGraphql({ items, pageInfo: _, ...meta }: UsersAnswer, input: UserInput): UserFound | null {
  const summary = items[0]?.user;
  return summary ? { ...meta, userKey: summary.userKey, input, summary } : null;
}
