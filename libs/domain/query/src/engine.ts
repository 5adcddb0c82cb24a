import type { AnswerTo } from './answers.ts';
import { answerRows, assertRows, type Findings } from './budget.ts';
import type { QueryEngine, QueryOptions } from './ports.ts';
import type { Question } from './questions.ts';
import { assertQuestion } from './validate.ts';

/** How a store finds what is asked for, by kind of question; `A` = what it asks with. */
export type Finders<A, R> = {
  readonly [K in Question['kind']]: (question: Extract<Question, { kind: K }>, asking: A) => R;
};

/** Hands a question to the function of its kind. */
export function findWith<A, R>(finders: Finders<A, R>, question: Question, asking: A): R {
  // The compiler does not follow that a question goes to the function of its own kind.
  const find = finders[question.kind] as (question: Question, asking: A) => R;
  return find(question, asking);
}

/** A question that was checked. */
export interface AskedQuestion {
  readonly question: Question;
  readonly projectId: string;
  readonly options: QueryOptions;
}

/** What an engine does of its own. */
export interface Finding {
  /** Milliseconds of a clock that only goes forward, whatever its start. */
  readonly now: () => number;
  /** Answers about times before this are final (Unix ms); null = nothing is settled yet. */
  readonly settledUpTo: (projectId: string) => number | null | Promise<number | null>;
  /** @throws QueryTooExpensive when a budget of the store is hit */
  readonly find: (asked: AskedQuestion) => Promise<Findings>;
}

/** The engine around it, alike in every store: the question is checked before, the rows of the answer after. */
export function createQueryEngine({ now, settledUpTo: settled, find }: Finding): QueryEngine {
  return {
    run: async <Q extends Question>(question: Q, options: QueryOptions): Promise<AnswerTo<Q>> => {
      const began = now();
      options.signal?.throwIfAborted();
      assertQuestion(question);
      const { projectId } = question.kind === 'funnelUsers' ? question.funnel : question;
      const [settledUpTo, findings] = await Promise.all([settled(projectId), find({ question, projectId, options })]);
      assertRows(answerRows(findings), options.budget);
      const meta = { settledUpTo, sampled: false, tookMs: Math.round(now() - began), cached: false };
      return { ...meta, ...findings } as unknown as AnswerTo<Q>;
    },
  };
}
