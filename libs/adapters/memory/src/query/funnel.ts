import {
  funnelFold,
  funnelUsersFold,
  type FunnelActor,
  type FunnelAnswer,
  type FunnelEvent,
  type FunnelQuestion,
  type FunnelUsersAnswer,
  type FunnelUsersQuestion,
} from '@productgraph/domain-query';
import { selects, textOf } from './filters.ts';
import type { EventRow } from './event-row.ts';
import { rowsInScope, sessionKey, type ProjectRows } from './rows.ts';

export function answerFunnel(question: FunnelQuestion, rows: ProjectRows): Pick<FunnelAnswer, 'groups' | 'trend'> {
  const fold = funnelFold(question);
  for (const actor of actorsOf(question, rows)) fold.add(actor);
  return fold.answer();
}

export function answerFunnelUsers(question: FunnelUsersQuestion, rows: ProjectRows): Pick<FunnelUsersAnswer, 'users'> {
  const fold = funnelUsersFold(question);
  for (const actor of actorsOf(question.funnel, rows)) fold.add(actor);
  return { users: fold.answer() };
}

function actorsOf(question: FunnelQuestion, rows: ProjectRows): FunnelActor[] {
  const inScope = rowsInScope(rows, question).filter(({ session }) => question.per === 'user' || session !== null);
  const groups = Map.groupBy(inScope, ({ event, session }) =>
    question.per === 'session' && session !== null ? sessionKey(session) : event.userKey,
  );
  return [...groups.values()].map((own) => {
    const events = own.map((row, ordinal) => funnelEvent(question, row, ordinal));
    const first = events.findIndex((event) => event.steps !== 0);
    return { userKey: own[first]?.event.userKey ?? '', events };
  });
}

function funnelEvent(question: FunnelQuestion, row: EventRow, ordinal: number): FunnelEvent {
  const { steps, exclusions, holdConstant, breakdown } = question;
  const mask = (flags: readonly boolean[]): number => flags.reduce((bits, flag, i) => bits | (flag ? 1 << i : 0), 0);
  return {
    at: row.event.timestamp,
    steps: mask(steps.map(({ event }) => selects(event, row))),
    exclusions: mask(exclusions.map(({ event }) => selects(event, row))),
    ordinal,
    held: holdConstant === null ? null : textOf(holdConstant, row),
    value: breakdown === null ? null : textOf(breakdown.field, row),
  };
}
