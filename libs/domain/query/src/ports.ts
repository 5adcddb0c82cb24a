import type { AnswerTo } from './answers.ts';
import type { Question } from './questions.ts';

/** Bounds of one query; the error names the one that was hit. */
export interface QueryBudget {
  /** Milliseconds of run time in the store. Default 30,000. */
  readonly timeMs: number;
  /** Rows of an answer. Default 100,000. */
  readonly rows: number;
}

export interface QueryOptions {
  /** The tenant whose rows row-level security lets through. */
  readonly orgId: string;
  readonly budget: QueryBudget;
  /** Aborted when the client goes away: the store cancels the query. */
  readonly signal?: AbortSignal;
}

/** Compiles a question for the store at hand and runs it. Same meaning in every adapter. */
export interface QueryEngine {
  /**
   * @throws QueryTooExpensive when a budget is hit
   * @throws InvalidQuestion when the question cannot be compiled (unknown field, bad regular expression, …)
   */
  run<Q extends Question>(question: Q, options: QueryOptions): Promise<AnswerTo<Q>>;
}
