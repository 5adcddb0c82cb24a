import { type Names } from './names.ts';

/** A stateful processor over the kernel's keyed fold: flow, pure fold, telemetry port. */
export function processorFiles(names: Names): Readonly<Record<string, string>> {
  return {
    'README.md': readme(names),
    'src/index.ts': index(names),
    [`src/${names.kebab}.ts`]: flow(names),
    'src/activity-fold.ts': activityFold(names),
    'src/fold.ts': fold(names),
    'src/ports.ts': ports(names),
    'src/fold.spec.ts': spec(names),
  };
}

const readme = ({ kebab, pascal }: Names): string => `
# ${kebab}

| | |
| --- | --- |
| reads | topic \`events\` (group \`${kebab}\`) |
| writes | activity per user, through the port \`${pascal}Sink\` |
| position | the state store, saved in the same step as the state |
| scales by | partitions |

**Guarantee.** One user's events are folded in the order of the log, duplicates left out. Outputs carry the version of the
record they come from: a repeat after a crash gives the same ids and versions.

**Poison.** A line that cannot be decoded is passed over here; the event-writer puts it into quarantine.

**Overload.** The log holds what is not yet folded; the lag is shown in records and seconds. Nothing is dropped.

**Restart.** Opens at the stored position, rebuilds the dedupe window, goes on.

Start reading at \`src/${kebab}.ts\`, then \`src/activity-fold.ts\` and \`src/fold.ts\`.
`;

const index = ({ kebab, pascal, constant }: Names): string => `
export { create${pascal}Task, ${constant}_GROUP, ${constant}_TOPICS, type ${pascal}Deps } from './${kebab}.ts';
export { foldActivity, type Activity } from './fold.ts';
export type { ${pascal}Sink, ${pascal}Telemetry } from './ports.ts';
`;

const flow = ({ kebab, pascal, constant }: Names): string => `
import type { EventDecoder } from '@productgraph/domain-event';
import { createKeyedFoldTask, type GroupPartition, type PartitionTask, type StateStore } from '@productgraph/kernel';
import { activityFold } from './activity-fold.ts';
import type { ${pascal}Sink, ${pascal}Telemetry } from './ports.ts';

/** Group name of the processor; its positions are in the state store. */
export const ${constant}_GROUP = '${kebab}';

/** Topics that it reads. */
export const ${constant}_TOPICS = ['events'] as const;

export interface ${pascal}Deps {
  readonly store: StateStore;
  readonly decode: EventDecoder;
  readonly sink: ${pascal}Sink;
  readonly telemetry: ${pascal}Telemetry;
}

/** The processor's work on one partition: load touched users, fold, emit, save state and position in one step. */
export function create${pascal}Task(deps: ${pascal}Deps): (partition: GroupPartition) => PartitionTask {
  return createKeyedFoldTask({
    fold: activityFold(deps.decode),
    store: deps.store,
    async emit(outputs) {
      await deps.sink.write(outputs);
      deps.telemetry.emitted({ outputs: outputs.length });
    },
  });
}
`;

const activityFold = (_names: Names): string => `
import type { StoredEvent } from '@productgraph/contracts';
import type { EventDecoder } from '@productgraph/domain-event';
import type { KeyedFold } from '@productgraph/kernel';
import { foldActivity, quietAfterMs, type Activity } from './fold.ts';

/** Per user: fold each event into the activity; when the user has been quiet, emit it and forget the state. */
export function activityFold(decode: EventDecoder): KeyedFold<StoredEvent, Activity, Activity> {
  return {
    *decode(record, isDuplicate) {
      for (const [line, decoded] of decode(record).entries()) {
        if (decoded.kind !== 'ok' || isDuplicate(line)) continue;
        yield { key: \`\${decoded.value.projectId}/\${decoded.value.userKey}\`, event: decoded.value };
      }
    },
    fold(state, event, { time }) {
      return { state: foldActivity(state, event), due: time + quietAfterMs, emit: [] };
    },
    timer: (state) => ({ state: null, due: null, emit: [state] }),
    serialise: (state) => JSON.stringify(state),
    parse: (text) => JSON.parse(text) as Activity,
    outputKey: ({ projectId, userKey, first }) => \`\${projectId}/\${userKey}/\${first}\`,
  };
}
`;

const fold = (_names: Names): string => `
import type { StoredEvent } from '@productgraph/contracts';

/** What one user did without a longer pause. Times are Unix milliseconds. */
export interface Activity {
  readonly projectId: string;
  readonly userKey: string;
  readonly first: number;
  readonly last: number;
  readonly events: number;
}

/** Runner time without an event after which an activity is over, milliseconds. */
export const quietAfterMs = 30 * 60_000;

type FoldedEvent = Pick<StoredEvent, 'projectId' | 'userKey' | 'timestamp'>;

/** The activity with one more event; late events widen it to the front. */
export function foldActivity(state: Activity | null, event: FoldedEvent): Activity {
  const { projectId, userKey, timestamp } = event;
  if (state === null) return { projectId, userKey, first: timestamp, last: timestamp, events: 1 };
  return {
    ...state,
    first: Math.min(state.first, timestamp),
    last: Math.max(state.last, timestamp),
    events: state.events + 1,
  };
}
`;

const ports = ({ pascal }: Names): string => `
import type { Activity } from './fold.ts';

/** Where finished activities go. Resolves when they are durable; a repeat brings the same (project, user, first). */
export interface ${pascal}Sink {
  write(activities: readonly Activity[]): Promise<void>;
}

/** Facts worth telling. */
export interface ${pascal}Telemetry {
  emitted(fact: { outputs: number }): void;
}
`;

const spec = (_names: Names): string => `
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldActivity, type Activity } from './fold.ts';

const at = (timestamp: number): { projectId: string; userKey: string; timestamp: number } => ({
  projectId: 'p',
  userKey: 'u:1',
  timestamp,
});
const foldAll = (times: readonly number[]): Activity | null =>
  times.reduce<Activity | null>((state, time) => foldActivity(state, at(time)), null);

describe('foldActivity', () => {
  it.each([
    { times: [5], first: 5, last: 5 },
    { times: [5, 9], first: 5, last: 9 },
    { times: [5, 9, 2], first: 2, last: 9 },
  ])('spans $times', ({ times, first, last }) => {
    expect(foldAll(times)).toEqual({ projectId: 'p', userKey: 'u:1', first, last, events: times.length });
  });

  it('does not depend on the order of events', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0 }), { minLength: 1 }), (times) => {
        expect(foldAll(times.toReversed())).toEqual(foldAll(times));
      }),
    );
  });
});
`;
