import { INGEST_LIMITS, type IngestLimits } from '@productgraph/contracts';
import { isTimeZone } from './checks.ts';
import type { Project } from './tenant.ts';

/** The part of a project that people set. */
export type ProjectSettings = Pick<
  Project,
  'name' | 'timeZone' | 'retentionDays' | 'sessionIdleMinutes' | 'sessionMaxHours' | 'limits' | 'quota'
>;

export const PROJECT_DEFAULTS: Omit<ProjectSettings, 'name'> = {
  timeZone: 'UTC',
  retentionDays: null,
  sessionIdleMinutes: 30,
  sessionMaxHours: 24,
  limits: {},
  quota: { eventsPerSecond: null, eventsPerMonth: null },
};

/** One thing wrong with a field; the message says what is allowed. */
export interface SettingFault {
  readonly field: string;
  readonly message: string;
}

const MAX_NAME = 100;
/** 100 years: beyond it, say null. */
const MAX_RETENTION_DAYS = 36_500;

/** A name of an organisation or project: 1 to 100 characters, no white space around, no control characters. */
export function nameFault(field: string, name: string): SettingFault | null {
  const good = name.length >= 1 && name.length <= MAX_NAME && name === name.trim() && !/\p{Cc}/u.test(name);
  return good ? null : { field, message: `1 to ${MAX_NAME} characters, no white space around them` };
}

interface IntegerRange {
  readonly min: number;
  readonly max: number;
}

function integerFault(field: string, value: number, { min, max }: IntegerRange): SettingFault | null {
  if (Number.isInteger(value) && value >= min && value <= max) return null;
  return { field, message: `a whole number from ${min} to ${max}` };
}

const integerOrNull = (field: string, value: number | null, range: IntegerRange): SettingFault | null => {
  const fault = value === null ? null : integerFault(field, value, range);
  return fault === null ? null : { field, message: `${fault.message}, or nothing for no bound` };
};

function limitFaults(limits: Partial<IngestLimits>): (SettingFault | null)[] {
  return Object.entries(limits).map(([name, value]) => {
    const field = `limits.${name}`;
    if (!Object.hasOwn(INGEST_LIMITS, name)) {
      return { field, message: `one of ${Object.keys(INGEST_LIMITS).join(', ')}` };
    }
    return integerFault(field, value, { min: 1, max: INGEST_LIMITS[name as keyof IngestLimits] });
  });
}

/** Everything that is wrong with the settings, in the order of the fields; empty when they are good. */
export function projectFaults(settings: ProjectSettings): SettingFault[] {
  const { name, timeZone, retentionDays, sessionIdleMinutes, sessionMaxHours, limits, quota } = settings;
  return [
    nameFault('name', name),
    isTimeZone(timeZone) ? null : { field: 'timeZone', message: 'an IANA time zone, for example UTC or Europe/Berlin' },
    integerOrNull('retentionDays', retentionDays, { min: 1, max: MAX_RETENTION_DAYS }),
    integerFault('sessionIdleMinutes', sessionIdleMinutes, { min: 1, max: 1_440 }),
    integerFault('sessionMaxHours', sessionMaxHours, { min: 1, max: 72 }),
    ...limitFaults(limits),
    integerOrNull('quota.eventsPerSecond', quota.eventsPerSecond, { min: 1, max: 2_000_000_000 }),
    integerOrNull('quota.eventsPerMonth', quota.eventsPerMonth, { min: 1, max: Number.MAX_SAFE_INTEGER }),
  ].filter((fault) => fault !== null);
}

/** The limits in force: the defaults, lowered where the project says so. */
export function effectiveLimits(project: Pick<Project, 'limits'>): IngestLimits {
  return { ...INGEST_LIMITS, ...project.limits };
}

type Scalar = string | number | boolean | null;

function flatten(settings: ProjectSettings): Map<string, Scalar> {
  const { limits, quota, name, timeZone, retentionDays, sessionIdleMinutes, sessionMaxHours } = settings;
  return new Map<string, Scalar>([
    ...Object.entries({ name, timeZone, retentionDays, sessionIdleMinutes, sessionMaxHours }),
    ...Object.entries(limits).map(([key, value]): [string, Scalar] => [`limits.${key}`, value]),
    ['quota.eventsPerSecond', quota.eventsPerSecond],
    ['quota.eventsPerMonth', quota.eventsPerMonth],
  ]);
}

/** New values of the settings that differ, for the audit log; a limit that is no longer lowered shows as null. */
export function changedSettings(before: ProjectSettings, after: ProjectSettings): Record<string, Scalar> {
  const [old, now] = [flatten(before), flatten(after)];
  const fields = new Set([...old.keys(), ...now.keys()]);
  return Object.fromEntries(
    [...fields]
      .map((field): [string, Scalar] => [field, now.get(field) ?? null])
      .filter(([field, value]) => (old.get(field) ?? null) !== value),
  );
}
