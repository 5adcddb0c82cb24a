export { DEFAULT_SESSION_SETTINGS, sessionSettings, type SessionSettings } from './settings.ts';
export { isMadeSessionId } from './made-id.ts';
export type { SessionFacts } from './facts.ts';
export { partKey, type SessionOwner } from './row.ts';
export { liveLimits, type LiveContext, type LiveLimits, type LiveSession, type LiveState } from './live-state.ts';
export { fireTimer, foldEvent, type LiveResult } from './fold.ts';
export { parseState, serialiseState } from './codec.ts';
export {
  createSessionizer,
  sessionize,
  type ExactSession,
  type Sessionizer,
  type SessionizeOptions,
} from './sessionize.ts';
export { firstWindow, reviewWindow, type ReadyPart, type Review, type SettleWindow, type TimeSpan } from './window.ts';
export { settleClient, settleMade, type SettleContext } from './settle.ts';
export type { DeferredUser, SettlementProgress, SettlementRequest } from './ports.ts';
