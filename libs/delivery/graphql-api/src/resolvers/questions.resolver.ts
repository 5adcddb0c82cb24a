import { Inject } from '@nestjs/common';
import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { type Field, FIELDS } from '@productgraph/domain-query';
import type {
  QueryCatalogueArgs,
  QueryFunnelArgs,
  QueryFunnelUsersArgs,
  QueryRetentionArgs,
  QuerySessionMetricsArgs,
  QueryTrendArgs,
  ResolversTypes,
} from '../generated/schema.ts';
import type { GraphqlContext } from '../request/context.ts';
import { ACCESS, ASK } from '../tokens.ts';
import { funnelFromGraphql, funnelToGraphql, funnelUsersFromGraphql } from '../translate/funnel.ts';
import { catalogueFromGraphql } from '../translate/lists.ts';
import { retentionFromGraphql } from '../translate/retention.ts';
import { sessionMetricsFromGraphql, sessionMetricsToGraphql } from '../translate/session-metrics.ts';
import { trendFromGraphql } from '../translate/trend.ts';
import type { Access } from '../use-cases/access.ts';
import type { Ask } from '../use-cases/questions.ts';

/** Questions with one answer: numbers, not lists of things. */
@Resolver()
export class QuestionsResolver {
  readonly #ask: Ask;
  readonly #access: Access;

  constructor(@Inject(ASK) ask: Ask, @Inject(ACCESS) access: Access) {
    this.#ask = ask;
    this.#access = access;
  }

  @Query()
  trend(@Args() { input }: QueryTrendArgs, @Context() context: GraphqlContext): Promise<ResolversTypes['Trend']> {
    return this.#ask(context, { projectId: input.projectId, question: (asked) => trendFromGraphql(input, asked) });
  }

  @Query()
  async funnel(
    @Args() { input }: QueryFunnelArgs,
    @Context() context: GraphqlContext,
  ): Promise<ResolversTypes['Funnel']> {
    const { projectId } = input;
    const answer = await this.#ask(context, { projectId, question: (asked) => funnelFromGraphql(input, asked) });
    return funnelToGraphql(answer);
  }

  @Query()
  funnelUsers(
    @Args() args: QueryFunnelUsersArgs,
    @Context() context: GraphqlContext,
  ): Promise<ResolversTypes['FunnelUsers']> {
    const { projectId } = args.funnel;
    return this.#ask(context, { projectId, question: (asked) => funnelUsersFromGraphql(args, asked) });
  }

  @Query()
  retention(
    @Args() { input }: QueryRetentionArgs,
    @Context() context: GraphqlContext,
  ): Promise<ResolversTypes['Retention']> {
    return this.#ask(context, { projectId: input.projectId, question: (asked) => retentionFromGraphql(input, asked) });
  }

  @Query()
  async sessionMetrics(
    @Args() { input }: QuerySessionMetricsArgs,
    @Context() context: GraphqlContext,
  ): Promise<ResolversTypes['SessionMetricsAnswer']> {
    const { projectId } = input;
    const answer = await this.#ask(context, {
      projectId,
      question: (asked) => sessionMetricsFromGraphql(input, asked),
    });
    return sessionMetricsToGraphql(answer);
  }

  @Query()
  catalogue(
    @Args() args: QueryCatalogueArgs,
    @Context() context: GraphqlContext,
  ): Promise<ResolversTypes['Catalogue']> {
    const { projectId } = args.input;
    return this.#ask(context, { projectId, question: (asked) => catalogueFromGraphql(args, asked) });
  }

  @Query()
  fields(@Context() context: GraphqlContext): readonly Field[] {
    this.#access.allow(context, 'project.read');
    return FIELDS;
  }
}
