import type { FunnelAnswer, FunnelQuestion, FunnelUsersQuestion } from '@productgraph/domain-query';
import type {
  DurationInput,
  EventInput,
  FunnelInput,
  QueryFunnelUsersArgs,
  ResolversTypes,
} from '../generated/schema.ts';
import type { Faults } from './faults.ts';
import { eventFromGraphql } from './filter.ts';
import { type Asked, scopeFromGraphql } from './scope.ts';

export function funnelFromGraphql(input: FunnelInput, asked: Asked): FunnelQuestion {
  const { faults } = asked;
  return {
    kind: 'funnel',
    ...scopeFromGraphql(input, asked),
    steps: input.steps.map(({ name, event }, i) => ({
      name: name ?? nameOf(event, i),
      event: eventFromGraphql(event, `steps[${i}].event`, faults),
    })),
    order: input.order,
    windowMs: millisecondsOf(input.window, 'window', faults),
    exclusions: input.exclusions.map(({ event, after, before }, i) => ({
      event: eventFromGraphql(event, `exclusions[${i}].event`, faults),
      after,
      before,
    })),
    holdConstant: input.holdConstant ?? null,
    per: input.per,
    breakdown: input.breakdown ? { field: input.breakdown } : null,
    attribution: attribution(input, faults),
    breakdownLimit: input.breakdownLimit,
    trendInterval: input.trendInterval ?? null,
  };
}

export function funnelUsersFromGraphql(args: QueryFunnelUsersArgs, asked: Asked): FunnelUsersQuestion {
  return {
    kind: 'funnelUsers',
    funnel: funnelFromGraphql(args.funnel, asked),
    step: args.step,
    outcome: args.outcome,
    limit: args.first,
  };
}

/** Series go out as columns: an object per point costs twenty times as much to write. */
export function funnelToGraphql({ trend, ...answer }: FunnelAnswer): ResolversTypes['Funnel'] {
  return {
    ...answer,
    trend: {
      buckets: trend.map(({ bucket }) => bucket),
      entered: trend.map(({ entered }) => entered),
      converted: trend.map(({ converted }) => converted),
    },
  };
}

function nameOf(event: EventInput, index: number): string {
  return event.name ?? event.type ?? `step ${index + 1}`;
}

function attribution(input: FunnelInput, faults: Faults): FunnelQuestion['attribution'] {
  const step = input.attributionStep ?? null;
  if ((step !== null) !== (input.attribution === 'step')) {
    faults.add('attributionStep', 'goes with `attribution: step`, and only with it');
  }
  return input.attribution === 'step' ? { step: step ?? 0 } : input.attribution;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function millisecondsOf(duration: DurationInput, path: string, faults: Faults): number {
  const { days, hours, minutes, seconds, milliseconds } = duration;
  const sum =
    (days ?? 0) * DAY + (hours ?? 0) * HOUR + (minutes ?? 0) * MINUTE + (seconds ?? 0) * SECOND + (milliseconds ?? 0);
  if (!(sum > 0 && sum <= Number.MAX_SAFE_INTEGER)) faults.add(path, 'has to be longer than nothing');
  return Math.round(sum);
}
