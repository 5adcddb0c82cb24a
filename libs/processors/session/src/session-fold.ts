import type { SessionRow, StoredEvent } from '@productgraph/contracts';
import type { EventDecoder } from '@productgraph/domain-event';
import {
  fireTimer,
  foldEvent,
  parseState,
  partKey,
  serialiseState,
  type LiveContext,
  type LiveLimits,
  type LiveState,
} from '@productgraph/domain-session';
import type { FoldContext, KeyedFold } from '@productgraph/kernel';
import type { ProjectSettings } from './project-settings.ts';
import { ownerOf, stateKeyOf } from './state-key.ts';

export interface SessionFoldDeps {
  readonly decode: EventDecoder;
  readonly settings: ProjectSettings;
  readonly limits: LiveLimits;
  /** Sessions that open before this runner time stay silent: it is being replayed what settlement has dealt with. */
  readonly quietBefore: () => number;
}

/** The live sessions of one partition. Lines that are no events are the event-writer's to quarantine: left out here. */
export function createSessionFold(deps: SessionFoldDeps): KeyedFold<StoredEvent, LiveState, SessionRow> {
  function contextOf({ key, time, version }: FoldContext): LiveContext {
    const owner = ownerOf(key);
    return {
      owner,
      settings: deps.settings.get(owner.projectId),
      limits: deps.limits,
      time,
      version,
      isQuiet: time < deps.quietBefore(),
    };
  }
  return {
    prepare: (records) => deps.settings.prepare(records.flatMap((record) => Object.keys(record.counts))),
    *decode(record, isDuplicate) {
      if (record.schema !== 'events/1') return;
      for (const [line, decoded] of deps.decode(record).entries()) {
        if (decoded.kind === 'ok' && !isDuplicate(line)) yield { key: stateKeyOf(decoded.value), event: decoded.value };
      }
    },
    fold: (state, event, context) => foldEvent(state, event, contextOf(context)),
    timer: (state, context) => fireTimer(state, contextOf(context)),
    serialise: serialiseState,
    parse: parseState,
    outputKey: partKey,
  };
}
