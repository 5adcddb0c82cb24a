import { INGEST_LIMITS, type IngestLimits } from '@productgraph/contracts';
import type { ProjectSettings, Quota } from '@productgraph/domain-tenant';
import type {
  CreateProjectInput,
  InputMaybe,
  LimitsInput,
  QuotaInput,
  UpdateProjectInput,
} from '../generated/schema.ts';

/** The settings after the change: what the input leaves out stays as it is in `before`. */
export function settingsFromGraphql(
  input: CreateProjectInput | UpdateProjectInput,
  before: ProjectSettings,
): ProjectSettings {
  return {
    name: input.name ?? before.name,
    timeZone: input.timeZone ?? before.timeZone,
    retentionDays: input.retentionDays === undefined ? before.retentionDays : input.retentionDays,
    sessionIdleMinutes: input.sessionIdleMinutes ?? before.sessionIdleMinutes,
    sessionMaxHours: input.sessionMaxHours ?? before.sessionMaxHours,
    limits: limits(input.limits, before.limits),
    quota: quota(input.quota, before.quota),
  };
}

/** Only what is lower than the product's limit is kept, so that a project follows when that limit changes. */
function limits(input: InputMaybe<LimitsInput> | undefined, before: Partial<IngestLimits>): Partial<IngestLimits> {
  const names = Object.keys(INGEST_LIMITS) as (keyof IngestLimits)[];
  const after = names.map((name) => [name, input?.[name] === undefined ? before[name] : input[name]] as const);
  return Object.fromEntries(
    after.filter(([name, value]) => value !== undefined && value !== null && value !== INGEST_LIMITS[name]),
  );
}

function quota(input: InputMaybe<QuotaInput> | undefined, before: Quota): Quota {
  return {
    eventsPerSecond: input?.eventsPerSecond === undefined ? before.eventsPerSecond : input.eventsPerSecond,
    eventsPerMonth: input?.eventsPerMonth === undefined ? before.eventsPerMonth : input.eventsPerMonth,
  };
}
