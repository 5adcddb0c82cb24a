import { INGEST_LIMITS } from '@productgraph/contracts';
import { describe, expect, it } from 'vitest';
import { newKeyFaults } from './new-key.ts';
import { changedSettings, effectiveLimits, PROJECT_DEFAULTS, projectFaults, type ProjectSettings } from './settings.ts';

const settings = (fields: Partial<ProjectSettings> = {}): ProjectSettings => ({
  ...PROJECT_DEFAULTS,
  name: 'Shop',
  ...fields,
});
const unknownLimit = { colour: 1 } as Partial<typeof INGEST_LIMITS>;

describe('project settings', () => {
  it.each<[string, Partial<ProjectSettings>, string[]]>([
    ['defaults', {}, []],
    [
      'all bounds',
      { retentionDays: 36_500, sessionIdleMinutes: 1_440, sessionMaxHours: 72, limits: { ...INGEST_LIMITS } },
      [],
    ],
    ['an empty name', { name: '' }, ['name']],
    ['a blank around the name', { name: ' Shop' }, ['name']],
    ['a line break in the name', { name: 'Sh\nop' }, ['name']],
    ['a long name', { name: 'x'.repeat(101) }, ['name']],
    ['an unknown time zone', { timeZone: 'Mars/Phobos' }, ['timeZone']],
    ['no day of retention', { retentionDays: 0 }, ['retentionDays']],
    ['half a day of retention', { retentionDays: 0.5 }, ['retentionDays']],
    ['idle time 0', { sessionIdleMinutes: 0 }, ['sessionIdleMinutes']],
    ['idle time over a day', { sessionIdleMinutes: 1_441 }, ['sessionIdleMinutes']],
    ['73 hours', { sessionMaxHours: 73 }, ['sessionMaxHours']],
    ['a raised limit', { limits: { events: 1_001 } }, ['limits.events']],
    ['an unknown limit', { limits: unknownLimit }, ['limits.colour']],
    ['a quota of 0', { quota: { eventsPerSecond: 0, eventsPerMonth: null } }, ['quota.eventsPerSecond']],
    [
      'a quota that is no number',
      { quota: { eventsPerSecond: null, eventsPerMonth: Number.NaN } },
      ['quota.eventsPerMonth'],
    ],
  ])('%s', (_, fields, faults) => {
    expect(projectFaults(settings(fields)).map(({ field }) => field)).toEqual(faults);
  });

  it('lists all faults at once, and says what is allowed', () => {
    const faults = projectFaults(settings({ name: '', timeZone: 'x y', retentionDays: -1, sessionMaxHours: 0 }));
    expect(faults.map(({ field }) => field)).toEqual(['name', 'timeZone', 'retentionDays', 'sessionMaxHours']);
    expect(faults[2]?.message).toBe('a whole number from 1 to 36500, or nothing for no bound');
  });

  it('lowers limits', () => {
    expect(effectiveLimits({ limits: { events: 5 } })).toEqual({ ...INGEST_LIMITS, events: 5 });
  });

  it('tells what changed', () => {
    const before = settings({ limits: { events: 5, depth: 3 } });
    const after = settings({
      retentionDays: 7,
      limits: { events: 6 },
      quota: { eventsPerSecond: 1, eventsPerMonth: null },
    });
    expect(changedSettings(before, after)).toEqual({
      retentionDays: 7,
      'limits.events': 6,
      'limits.depth': null,
      'quota.eventsPerSecond': 1,
    });
    expect(changedSettings(after, { ...after })).toEqual({});
  });
});

describe('new keys', () => {
  const key = { orgId: 'o', projectId: 'p', kind: 'pgw', name: 'web', role: null, allowedOrigins: [] } as const;

  it.each([
    ['a write key', key, []],
    ['a token of the organisation', { ...key, kind: 'pgt', projectId: null, role: 'viewer' }, []],
    ['a write key without a project', { ...key, projectId: null }, ['projectId']],
    ['a token without a role', { ...key, kind: 'pgt' }, ['role']],
    ['a secret key with a role', { ...key, kind: 'pgs', role: 'admin' }, ['role']],
    ['no name', { ...key, name: '' }, ['name']],
    [
      'a path for an origin',
      { ...key, allowedOrigins: ['https://a.example', 'https://b.example/x'] },
      ['allowedOrigins'],
    ],
    ['too many origins', { ...key, allowedOrigins: Array<string>(51).fill('https://a.example') }, ['allowedOrigins']],
  ] as const)('%s', (_, wanted, faults) => {
    expect(newKeyFaults(wanted).map(({ field }) => field)).toEqual(faults);
  });
});
