/**
 * Types of `schema/*.graphql` in `src/generated/schema.ts` (`npm run codegen`): which domain types stand behind the
 * GraphQL types, so that resolvers return what the domain gives and only real differences are translated.
 */
const domain = (area: string, types: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(types).map(([name, type]) => [name, `@productgraph/domain-${area}#${type}`]));

const contracts = (types: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(types).map(([name, type]) => [name, `@productgraph/contracts#${type}`]));

const own = (file: string, types: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(types).map(([name, type]) => [name, `../${file}.ts#${type}`]));

const config = {
  contextType: '../request/context.ts#GraphqlContext',
  mapperTypeSuffix: 'Model',
  // Arguments and input fields with a default are always there.
  avoidOptionals: { field: true, defaultValue: true },
  scalars: {
    ID: { input: 'string', output: 'string' },
    DateTime: 'number',
    JSON: 'unknown',
    Long: 'number',
    Scalar: 'string | number | boolean',
    Range: 'string',
  },
  mappers: {
    ...domain('query', {
      Trend: 'TrendAnswer',
      TrendLine: 'TrendLine',
      FunnelGroup: 'FunnelGroup',
      FunnelStep: 'FunnelStepAnswer',
      FunnelUsers: 'FunnelUsersAnswer',
      Retention: 'RetentionAnswer',
      UserSummary: 'UserSummary',
      Session: 'SessionSummary',
      SessionMetrics: 'SessionMetrics',
      Catalogue: 'CatalogueAnswer',
    }),
    ...domain('tenant', {
      Organisation: 'Organisation',
      Project: 'Project',
      ApiKey: 'ApiKey',
      Member: 'Member',
      AuditEntry: 'AuditEntry',
      Me: 'Principal',
    }),
    ...contracts({ Event: 'StoredEvent', QuarantineEntry: 'QuarantineEntry' }),
    ...own('deps', { Health: 'HealthReport' }),
    ...own('translate/people', { User: 'UserFound' }),
    ...own('translate/ledger', { QuarantineConnection: 'QuarantinePage' }),
  },
};

export default config;
