import { compareVersions, type SessionRow, type StoredEvent } from '@productgraph/contracts';
import { parseState, serialiseState } from './codec.ts';
import { fireTimer, foldEvent, type LiveResult } from './fold.ts';
import { liveLimits, type LiveContext, type LiveLimits, type LiveState } from './live-state.ts';
import { partKey } from './row.ts';
import { DEFAULT_SESSION_SETTINGS } from './settings.ts';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

/** Highest version per part. */
export function highest(rows: readonly SessionRow[]): SessionRow[] {
  const parts = new Map<string, SessionRow>();
  for (const row of rows) {
    const known = parts.get(partKey(row));
    if (known === undefined || compareVersions(row.version, known.version) >= 0) parts.set(partKey(row), row);
  }
  return [...parts.values()].sort((a, b) => a.start - b.start || (a.sessionId < b.sessionId ? -1 : 1));
}

/** The live fold of one key, driven as the runner drives it: one event per record, due timers first. */
export interface Live {
  isQuiet: boolean;
  readonly emitted: SessionRow[];
  /** Folds the event at the offset after the last one. */
  add(event: StoredEvent): void;
  /** Lets runner time pass. */
  passTo(time: number): void;
  state(): LiveState | null;
  newest(): SessionRow[];
  /** Newest rows that are not merged. */
  standing(): SessionRow[];
}

export function createLive(limits: Partial<LiveLimits> = {}, throughText = false): Live {
  const emitted: SessionRow[] = [];
  let result: LiveResult = { state: null, due: null, emit: [] };
  let offset = -1;
  let now = Number.NEGATIVE_INFINITY;
  const context = (time: number, rank: number): LiveContext => ({
    owner: { projectId: '01900000-0000-7000-8000-000000000001', userKey: 'u:ann', lane: 0 },
    settings: DEFAULT_SESSION_SETTINGS,
    limits: { ...liveLimits(24 * HOUR), ...limits },
    time,
    version: { generation: 1, offset, rank },
    isQuiet: live.isQuiet,
  });
  const take = (next: LiveResult): void => {
    if (throughText && next.state !== null) result = { ...next, state: parseState(serialiseState(next.state)) };
    else result = next;
    emitted.push(...next.emit);
  };
  const live: Live = {
    isQuiet: false,
    emitted,
    add(event) {
      live.passTo(event.receivedAt);
      offset++;
      take(foldEvent(result.state, event, context(now, 0)));
    },
    passTo(time) {
      now = Math.max(now, time);
      for (let { state, due } = result; state !== null && due !== null && due <= now; { state, due } = result) {
        take(fireTimer(state, context(due, due)));
        if (due === result.due) throw new Error('The timer did not move forward');
      }
    },
    state: () => result.state,
    newest: () => highest(emitted),
    standing: () => live.newest().filter((row) => row.state !== 'merged'),
  };
  return live;
}
