export { createSessionTask, SESSION_GROUP, SESSION_TOPICS, type SessionTaskDeps } from './session-task.ts';
export { createProjectSettings, type ProjectSettings, type ProjectSettingsDeps } from './project-settings.ts';
export { createSessionRowSink, type SessionRowSink, type SessionRowSinkDeps } from './session-rows.ts';
export { trackAssignments, type TrackedHandler } from './assignments.ts';
export { createSettlementLoop, type SettlementLoopOptions } from './settlement/loop.ts';
export type { SettlementDeps, SettlementOptions } from './settlement/options.ts';
export type { SettlementStore } from './settlement/settle-user.ts';
export type { SessionTelemetry, SettlementTelemetry } from './telemetry.ts';
