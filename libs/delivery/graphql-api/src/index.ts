export { GraphqlApiModule } from './module.ts';
export type { ComponentState, GraphqlApiDeps, HealthReport, ReplayQuarantine, ReplayResult } from './deps.ts';
export { DEFAULT_GRAPHQL_LIMITS, type GraphqlLimits } from './limits.ts';
