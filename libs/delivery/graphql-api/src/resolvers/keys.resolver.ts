import { Inject } from '@nestjs/common';
import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { ApiKey } from '@productgraph/domain-tenant';
import type {
  MutationCreateKeyArgs,
  MutationRevokeKeyArgs,
  QueryKeysArgs,
  ResolversTypes,
} from '../generated/schema.ts';
import type { GraphqlContext } from '../request/context.ts';
import { KEYS } from '../tokens.ts';
import type { Keys } from '../use-cases/keys.ts';

/** Write keys, secret keys and API tokens. */
@Resolver()
export class KeysResolver {
  readonly #keys: Keys;

  constructor(@Inject(KEYS) keys: Keys) {
    this.#keys = keys;
  }

  @Query()
  keys(@Args() { projectId }: QueryKeysArgs, @Context() context: GraphqlContext): Promise<readonly ApiKey[]> {
    return this.#keys.list(context, projectId ?? null);
  }

  @Mutation()
  createKey(
    @Args() { input }: MutationCreateKeyArgs,
    @Context() context: GraphqlContext,
  ): Promise<ResolversTypes['CreatedKey']> {
    return this.#keys.create(context, input);
  }

  @Mutation()
  disableKey(@Args('id') id: string, @Context() context: GraphqlContext): Promise<ApiKey> {
    return this.#keys.setDisabled(context, id, true);
  }

  @Mutation()
  enableKey(@Args('id') id: string, @Context() context: GraphqlContext): Promise<ApiKey> {
    return this.#keys.setDisabled(context, id, false);
  }

  @Mutation()
  revokeKey(@Args() { id }: MutationRevokeKeyArgs, @Context() context: GraphqlContext): Promise<ApiKey> {
    return this.#keys.revoke(context, id);
  }
}
