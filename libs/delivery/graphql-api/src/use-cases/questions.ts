import {
  type AnswerTo,
  type Question,
  type QueryBudget,
  type QueryEngine,
  QueryTooExpensive,
} from '@productgraph/domain-query';
import type { Clock } from '@productgraph/kernel';
import type { GraphqlFacts } from '@productgraph/platform-telemetry';
import type { GraphqlContext } from '../request/context.ts';
import { within } from '../request/deadline.ts';
import { collectFaults } from '../translate/faults.ts';
import type { Asked } from '../translate/scope.ts';
import type { Access } from './access.ts';

/** One question of a request: where it is asked, and how the input becomes a question of the domain. */
export interface Asking<Q extends Question> {
  readonly projectId: string | null | undefined;
  readonly question: (asked: Asked) => Q;
}

/**
 * Asks the store, within the request's time and the question's budget.
 * @throws InvalidQuestion listing every fault of the input
 * @throws QueryTooExpensive naming the budget
 */
export type Ask = <Q extends Question>(context: GraphqlContext, asking: Asking<Q>) => Promise<AnswerTo<Q>>;

export interface AskParts {
  readonly access: Access;
  readonly engine: QueryEngine;
  readonly clock: Clock;
  readonly facts: GraphqlFacts;
  readonly budget: QueryBudget;
}

export function createAsk({ access, engine, clock, facts, budget }: AskParts): Ask {
  return async (context, { projectId, question: build }) => {
    const { principal, project } = await access.allowProject(context, 'query.run', projectId);
    const faults = collectFaults();
    const question = build({ project, now: clock.now(), faults });
    faults.addFrom(question);
    faults.throwIfAny();
    const { signal } = context;
    const begin = clock.now();
    const tell = (outcome: 'ok' | 'error' | 'budget'): void => {
      facts.questionAnswered({ kind: question.kind, outcome, seconds: (clock.now() - begin) / 1000 });
    };
    try {
      const answer = await within(signal, () => engine.run(question, { orgId: principal.orgId, budget, signal }));
      tell('ok');
      return answer;
    } catch (error) {
      tell(error instanceof QueryTooExpensive ? 'budget' : 'error');
      throw error;
    }
  };
}
