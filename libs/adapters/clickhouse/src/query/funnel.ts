import {
  funnelAnswer,
  funnelUsersAnswer,
  type FunnelActors,
  type FunnelAnswer,
  type FunnelQuestion,
  type FunnelUsersAnswer,
  type FunnelUsersQuestion,
} from '@productgraph/domain-query';
import type { Asking } from './asking.ts';
import { actorOf, type FunnelRow, funnelStatement } from './funnel-sql.ts';

export function askFunnel(question: FunnelQuestion, asking: Asking): Promise<Pick<FunnelAnswer, 'groups' | 'trend'>> {
  return funnelAnswer(question, actorsOf(asking));
}

export function askFunnelUsers(
  question: FunnelUsersQuestion,
  asking: Asking,
): Promise<Pick<FunnelUsersAnswer, 'users'>> {
  return funnelUsersAnswer(question, actorsOf(asking));
}

function actorsOf(asking: Asking): FunnelActors {
  return (question, add) =>
    asking.each(funnelStatement(question, asking.reading), (row) => add(actorOf(row as FunnelRow, question)));
}
