export { GraphqlApiModule } from './module.ts';
export type { ComponentState, GraphqlApiDeps, HealthReport, ReplayQuarantine, ReplayResult } from './deps.ts';
export type { GraphqlLimits } from './limits.ts';
