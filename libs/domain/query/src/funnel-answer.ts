import type { FunnelAnswer, FunnelUsersAnswer } from './answers.ts';
import { funnelFold, funnelUsersFold, type FunnelActor } from './funnel-fold.ts';
import type { FunnelQuestion, FunnelUsersQuestion } from './questions.ts';
import { spelledValue } from './spelling.ts';

/** Hands over every actor that may have entered the funnel, one by one; resolves when all were. */
export type FunnelActors = (question: FunnelQuestion, add: (actor: FunnelActor) => void) => Promise<void>;

/** The answer to a funnel, folded from the actors of a store. */
export async function funnelAnswer(
  question: FunnelQuestion,
  actors: FunnelActors,
): Promise<Pick<FunnelAnswer, 'groups' | 'trend'>> {
  const fold = funnelFold(question);
  await actors(question, (actor) => fold.add(actor));
  const { groups, trend } = fold.answer();
  return { groups: groups.map((group) => ({ ...group, ...spelled(question, group.breakdown) })), trend };
}

/** The users behind a bar of a funnel, folded from the actors of a store. */
export async function funnelUsersAnswer(
  question: FunnelUsersQuestion,
  actors: FunnelActors,
): Promise<Pick<FunnelUsersAnswer, 'users'>> {
  const fold = funnelUsersFold(question);
  await actors(question.funnel, (actor) => fold.add(actor));
  return { users: fold.answer() };
}

function spelled(question: FunnelQuestion, breakdown: string | null | undefined): { breakdown?: string | null } {
  if (breakdown === undefined) return {};
  return { breakdown: spelledValue(question.breakdown?.field, breakdown) };
}
