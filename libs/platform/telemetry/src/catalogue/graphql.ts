import type { Instruments } from '../instruments.ts';

/** Facts of the GraphQL API. */
export interface GraphqlFacts {
  /** An operation was answered; `code` null = without errors, else the first error's code. */
  operationAnswered(fact: { code: string | null; seconds: number }): void;
  /** A question was answered by the store. */
  questionAnswered(fact: { kind: string; outcome: 'ok' | 'error' | 'budget'; seconds: number }): void;
  /** A resolver threw: a bug. */
  operationFailed(fact: { requestId: string; error: unknown }): void;
}

export function graphqlFacts(instruments: Instruments): GraphqlFacts {
  const operations = instruments.counter({
    name: 'productgraph_graphql_operations_total',
    help: 'GraphQL operations answered, by the first error code (none = no error).',
    labels: ['code'],
  });
  const seconds = instruments.seconds({
    name: 'productgraph_graphql_operation_seconds',
    help: 'Time of a GraphQL operation.',
  });
  const questions = instruments.seconds({
    name: 'productgraph_query_seconds',
    help: 'Time of a question in the store, by kind and outcome.',
    labels: ['kind', 'outcome'],
  });
  return {
    operationAnswered(fact) {
      operations.inc({ code: fact.code ?? 'none' });
      seconds.observe(fact.seconds);
    },
    questionAnswered: ({ kind, outcome, seconds: took }) => questions.observe({ kind, outcome }, took),
    operationFailed: ({ requestId, error }) =>
      instruments.note('error', 'graphql.operation_failed', {
        message: 'A GraphQL operation failed unexpectedly',
        fields: { requestId, err: error },
      }),
  };
}
