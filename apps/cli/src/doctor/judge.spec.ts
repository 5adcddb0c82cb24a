import type { LogStage } from '@productgraph/adapter-postgres';
import { describe, expect, it } from 'vitest';
import {
  judgeClock,
  judgeDisk,
  judgeGrants,
  judgeLedger,
  judgeMigrations,
  judgeReady,
  judgeStages,
  judgeUnknownProjects,
} from './judge.ts';

const GB = 1024 ** 3;

function stage(topic: string, high: number, groups: Record<string, [next: number, behindMs: number]>): LogStage {
  return {
    topic,
    generation: 1,
    partition: 0,
    low: 0,
    high,
    groups: Object.entries(groups).map(([group, [next, behindMs]]) => ({ group, next, behindMs })),
  };
}

describe('the walk through the stages', () => {
  const states = (stages: readonly LogStage[], isRunning = true) =>
    judgeStages(stages, isRunning).map(({ check, state }) => `${check}: ${state}`);

  it.each([
    ['a new database', [], ['received: ok']],
    [
      'everything done',
      [stage('events', 9, { 'event-writer': [9, 0], 'session-processor': [9, 0] })],
      [
        'received: ok',
        'written to the event store: ok',
        'folded into sessions: ok',
        'sessions written: ok',
        'refused events written: ok',
      ],
    ],
    [
      'a moment behind',
      [stage('events', 9, { 'event-writer': [8, 500], 'session-processor': [7, 900] })],
      [
        'received: ok',
        'written to the event store: ok',
        'folded into sessions: ok',
        'sessions written: ok',
        'refused events written: ok',
      ],
    ],
    [
      'the writer stands',
      [stage('events', 9, { 'event-writer': [4, 61_000], 'session-processor': [9, 0] })],
      [
        'received: ok',
        'written to the event store: fault',
        'folded into sessions: ok',
        'sessions written: ok',
        'refused events written: ok',
      ],
    ],
    [
      'a group that never began',
      [stage('events', 9, { 'event-writer': [9, 0] })],
      [
        'received: ok',
        'written to the event store: ok',
        'folded into sessions: fault',
        'sessions written: ok',
        'refused events written: ok',
      ],
    ],
    [
      'an older log behind newer positions',
      [stage('events', 3, { 'event-writer': [9, 0], 'session-processor': [3, 0] })],
      [
        'received: ok',
        'written to the event store: fault',
        'folded into sessions: ok',
        'sessions written: ok',
        'refused events written: ok',
      ],
    ],
  ])('%s', (_name, stages, expected) => {
    expect(states(stages)).toEqual(expected);
  });

  it('names where events stop, by how much, and whom to look for', () => {
    const [, written] = judgeStages([stage('events', 1_500, { 'event-writer': [266, 300_000] })], true);
    expect(written?.message).toBe(
      'events stop here: event-writer is 1,234 records behind on events, partition 0 by 5 min; the server\'s log tells why (look for "event-writer")',
    );
  });

  it('is no fault while the server is down', () => {
    const down = judgeStages(
      [stage('events', 9, { 'event-writer': [4, 900_000], 'session-processor': [9, 0] })],
      false,
    );
    expect(down[1]).toMatchObject({ state: 'warning', message: expect.stringContaining('when the server runs') });
  });

  it('looks at the newest generation only', () => {
    const old = stage('events', 50, { 'event-writer': [10, 900_000], 'session-processor': [50, 0] });
    const now = { ...stage('events', 5, { 'event-writer': [5, 0], 'session-processor': [5, 0] }), generation: 2 };
    expect(judgeStages([old, now], true)[1]).toMatchObject({ state: 'ok' });
  });
});

describe('single checks', () => {
  const sums = { accepted: 10, stored: 7, duplicate: 2, rejected: 3, quarantinedLater: 1, erased: 0 };

  it.each([
    ['ledger that adds up', judgeLedger(sums), 'ok', '10 accepted = 7 stored + 2 duplicate'],
    ['ledger with a hole', judgeLedger({ ...sums, stored: 6 }), 'fault', '1 events are unaccounted for'],
    ['ledger with too much', judgeLedger({ ...sums, stored: 8 }), 'fault', '-1 events'],
    ['projects all known', judgeUnknownProjects([]), 'ok', 'every event belongs'],
    [
      'projects nobody knows',
      judgeUnknownProjects(Array.from({ length: 7 }, (_, n) => ({ projectId: `p${n}`, events: 1_200, refused: n }))),
      'warning',
      'p4 (1,200 events, 4 refused), 2 more; was it restored',
    ],
    ['clock', judgeClock('it', -1_999), 'ok', 'agree'],
    ['clock behind', judgeClock('it', -30_000), 'warning', '30 s behind this machine'],
    ['clock ahead', judgeClock('it', 3_600_000), 'fault', '60 min ahead of this machine'],
    ['disk', judgeDisk('/d', 50 * GB), 'ok', '50.0 GB free in /d'],
    ['disk nearly full', judgeDisk('/d', 2 * GB), 'warning', 'only 2.0 GB'],
    ['disk full', judgeDisk('/d', 0.5 * GB), 'fault', 'free some space'],
    ['migrations', judgeMigrations({ missing: [], applied: 9 }), 'ok', 'all 9'],
    ['migrations missing', judgeMigrations({ missing: ['0002_log'], applied: 1 }), 'fault', '0002_log; run'],
    ['grants', judgeGrants([]), 'ok', 'row-level security'],
    ['grants missing', judgeGrants(['INSERT on events']), 'fault', 'INSERT on events'],
    ['no server', judgeReady('http://x', null), 'fault', 'nothing answers at http://x'],
    ['server', judgeReady('http://x', { ready: true, missing: [], parts: { log: { state: 'ok' } } }), 'ok', 'is ready'],
    [
      'server that is behind',
      judgeReady('u', { ready: true, missing: [], parts: { writer: { state: 'behind', detail: '9 records' } } }),
      'warning',
      'writer is behind (9 records)',
    ],
    [
      'server without its database',
      judgeReady('u', { ready: false, missing: ['database'], parts: { database: { state: 'missing' } } }),
      'fault',
      'u is not ready: database is missing',
    ],
    ['server that starts', judgeReady('u', { ready: false, missing: [], parts: {} }), 'fault', 'it starts or stops'],
  ] as const)('%s', (...[, finding, state, part]) => {
    expect(finding.state).toBe(state);
    expect(finding.message).toContain(part);
  });
});
