import {
  fieldOf,
  funnelFold,
  funnelUsersFold,
  type FunnelActor,
  type FunnelAnswer,
  type FunnelQuestion,
  type FunnelUsersAnswer,
  type FunnelUsersQuestion,
} from '@productgraph/domain-query';
import type { Asking } from './asking.ts';
import { actorOf, type FunnelRow, funnelStatement } from './funnel-sql.ts';

export async function askFunnel(
  question: FunnelQuestion,
  asking: Asking,
): Promise<Pick<FunnelAnswer, 'groups' | 'trend'>> {
  const fold = funnelFold(question);
  await foldActors(question, asking, (actor) => fold.add(actor));
  const { groups, trend } = fold.answer();
  return { groups: groups.map((group) => ({ ...group, ...spelled(question, group.breakdown) })), trend };
}

export async function askFunnelUsers(
  question: FunnelUsersQuestion,
  asking: Asking,
): Promise<Pick<FunnelUsersAnswer, 'users'>> {
  const fold = funnelUsersFold(question);
  await foldActors(question.funnel, asking, (actor) => fold.add(actor));
  return { users: fold.answer() };
}

function foldActors(question: FunnelQuestion, asking: Asking, add: (actor: FunnelActor) => void): Promise<void> {
  return asking.each(funnelStatement(question), (row) => add(actorOf(row as FunnelRow, question)));
}

/** Numbers as JavaScript spells them, see trend.ts. */
function spelled(question: FunnelQuestion, breakdown: string | null | undefined): { breakdown?: string | null } {
  if (question.breakdown === null || breakdown === undefined) return {};
  const isNumber = fieldOf(question.breakdown.field)?.type === 'number';
  return { breakdown: isNumber && breakdown !== null ? String(Number(breakdown)) : breakdown };
}
