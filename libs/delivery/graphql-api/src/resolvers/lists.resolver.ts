import { Inject } from '@nestjs/common';
import { Args, Context, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type {
  QueryEventsArgs,
  QuerySessionsArgs,
  QueryUserArgs,
  QueryUsersArgs,
  ResolversTypes,
  UserSessionsArgs,
  UserTimelineArgs,
} from '../generated/schema.ts';
import type { GraphqlContext } from '../request/context.ts';
import { ASK } from '../tokens.ts';
import {
  eventsFromGraphql,
  eventsToGraphql,
  sessionsFromGraphql,
  sessionsToGraphql,
  usersFromGraphql,
  usersToGraphql,
} from '../translate/lists.ts';
import {
  timelineFromGraphql,
  userFromGraphql,
  type UserFound,
  userSessionsFromGraphql,
  userToGraphql,
} from '../translate/people.ts';
import type { Ask } from '../use-cases/questions.ts';

/** Events, users and sessions one by one. */
@Resolver('User')
export class ListsResolver {
  readonly #ask: Ask;

  constructor(@Inject(ASK) ask: Ask) {
    this.#ask = ask;
  }

  @Query()
  async events(
    @Args() args: QueryEventsArgs,
    @Context() context: GraphqlContext,
  ): Promise<ResolversTypes['EventConnection']> {
    const { projectId } = args.input;
    return eventsToGraphql(
      await this.#ask(context, { projectId, question: (asked) => eventsFromGraphql(args, asked) }),
    );
  }

  @Query()
  async users(
    @Args() args: QueryUsersArgs,
    @Context() context: GraphqlContext,
  ): Promise<ResolversTypes['UserConnection']> {
    const { projectId } = args.input;
    return usersToGraphql(await this.#ask(context, { projectId, question: (asked) => usersFromGraphql(args, asked) }));
  }

  @Query()
  async sessions(
    @Args() args: QuerySessionsArgs,
    @Context() context: GraphqlContext,
  ): Promise<ResolversTypes['SessionConnection']> {
    const { projectId } = args.input;
    return sessionsToGraphql(
      await this.#ask(context, { projectId, question: (asked) => sessionsFromGraphql(args, asked) }),
    );
  }

  @Query()
  async user(
    @Args() { input }: QueryUserArgs,
    @Context() context: GraphqlContext,
  ): Promise<ResolversTypes['User'] | null> {
    const { projectId } = input;
    const answer = await this.#ask(context, { projectId, question: (asked) => userFromGraphql(input, asked) });
    return userToGraphql(answer, input);
  }

  @ResolveField()
  async timeline(
    @Parent() { input }: UserFound,
    @Args() args: UserTimelineArgs,
    @Context() context: GraphqlContext,
  ): Promise<ResolversTypes['EventConnection']> {
    const { projectId } = input;
    return eventsToGraphql(
      await this.#ask(context, { projectId, question: (asked) => timelineFromGraphql(input, args, asked) }),
    );
  }

  @ResolveField('sessions')
  async sessionsOfUser(
    @Parent() { input }: UserFound,
    @Args() args: UserSessionsArgs,
    @Context() context: GraphqlContext,
  ): Promise<ResolversTypes['SessionConnection']> {
    const { projectId } = input;
    return sessionsToGraphql(
      await this.#ask(context, { projectId, question: (asked) => userSessionsFromGraphql(input, args, asked) }),
    );
  }
}
