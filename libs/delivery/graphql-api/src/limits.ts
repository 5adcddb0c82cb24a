import type { QueryBudget } from '@productgraph/domain-query';

/** Bounds of one request. Everything but the times is checked before anything is executed. */
export interface GraphqlLimits {
  /** Nested selections of an operation. */
  readonly depth: number;
  /** Nested selections below `__schema` and `__type`; the usual introspection query of explorers needs 15. */
  readonly introspectionDepth: number;
  /** Words, names and signs of a document. */
  readonly tokens: number;
  /** Selected fields, fragments expanded. */
  readonly fields: number;
  /** Fields given another name: each is one more execution. */
  readonly aliases: number;
  /** Fields directly in the operation. */
  readonly rootFields: number;
  /** Sum of weights (`@cost`) times list sizes (`@listSize`). */
  readonly cost: number;
  /** Levels of lists and objects in the variables. */
  readonly variablesDepth: number;
  /** Bytes of a request body. */
  readonly bodyBytes: number;
  /** Milliseconds until a request is given up; above `query.timeMs` so that the store's own error comes first. */
  readonly requestTimeoutMs: number;
  /** Of each question, in the store. */
  readonly query: QueryBudget;
  /** Milliseconds that a token's verdict is kept; a revoked token lives so long in other processes. */
  readonly keyCacheMs: number;
  /** Texts of persisted queries kept in memory, the least used dropped first. */
  readonly persistedQueries: number;
}

export const DEFAULT_GRAPHQL_LIMITS: GraphqlLimits = {
  depth: 12,
  introspectionDepth: 16,
  tokens: 4_000,
  fields: 1_000,
  aliases: 30,
  rootFields: 20,
  cost: 12_000,
  variablesDepth: 32,
  bodyBytes: 256 * 1024,
  requestTimeoutMs: 35_000,
  query: { timeMs: 30_000, rows: 100_000 },
  keyCacheMs: 10_000,
  persistedQueries: 1_000,
};
