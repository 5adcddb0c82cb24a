import { Inject } from '@nestjs/common';
import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { HealthReport, ReplayResult } from '../deps.ts';
import type {
  Ledger,
  MutationReplayQuarantineArgs,
  QueryEventArgs,
  QueryLedgerArgs,
  QueryQuarantineArgs,
  ResolversTypes,
} from '../generated/schema.ts';
import type { GraphqlContext } from '../request/context.ts';
import { within } from '../request/deadline.ts';
import { OPERATIONS } from '../tokens.ts';
import type { QuarantinePage } from '../translate/ledger.ts';
import type { Operations } from '../use-cases/operations.ts';

/** Is it running, where is my event, and what became of the refused ones. */
@Resolver()
export class OperationsResolver {
  readonly #operations: Operations;

  constructor(@Inject(OPERATIONS) operations: Operations) {
    this.#operations = operations;
  }

  @Query()
  event(
    @Args() { projectId, id }: QueryEventArgs,
    @Context() context: GraphqlContext,
  ): Promise<ResolversTypes['EventTrace']> {
    return within(context.signal, () => this.#operations.trace(context, projectId, id));
  }

  @Query()
  quarantine(@Args() args: QueryQuarantineArgs, @Context() context: GraphqlContext): Promise<QuarantinePage> {
    return within(context.signal, () => this.#operations.quarantine(context, args));
  }

  @Query()
  ledger(@Args() args: QueryLedgerArgs, @Context() context: GraphqlContext): Promise<Ledger> {
    return within(context.signal, () => this.#operations.ledger(context, args));
  }

  @Query()
  health(@Context() context: GraphqlContext): Promise<HealthReport> {
    return within(context.signal, () => this.#operations.health(context));
  }

  @Mutation()
  replayQuarantine(
    @Args() args: MutationReplayQuarantineArgs,
    @Context() context: GraphqlContext,
  ): Promise<ReplayResult> {
    return this.#operations.replay(context, args);
  }
}
