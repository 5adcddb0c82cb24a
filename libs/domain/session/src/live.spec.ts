import type { SessionRow, StoredEvent } from '@productgraph/contracts';
import { storedEvent } from '@productgraph/testing';
import { describe, expect, it } from 'vitest';
import { createLive, HOUR, MINUTE, SECOND } from './spec-live.ts';

const at = (timestamp: number, fields: Partial<StoredEvent> = {}): StoredEvent => storedEvent({ timestamp, ...fields });
/** An event that came only at `receivedAt`. */
const late = (timestamp: number, receivedAt: number, fields: Partial<StoredEvent> = {}): StoredEvent =>
  storedEvent({ timestamp, receivedAt, ...fields });

const spans = (rows: readonly SessionRow[]): (readonly [number, number, number])[] =>
  rows.map((row) => [row.start, row.end, row.events] as const);

describe('where sessions made here end', () => {
  it.each<[string, StoredEvent[], [number, number, number][]]>([
    ['a gap of exactly 30 minutes stays', [at(0), at(30 * MINUTE)], [[0, 30 * MINUTE, 2]]],
    [
      'a longer gap cuts',
      [at(0), at(30 * MINUTE + 1)],
      [
        [0, 0, 1],
        [30 * MINUTE + 1, 30 * MINUTE + 1, 1],
      ],
    ],
    ['24 hours exactly stay', every30Minutes(0, 24 * HOUR), [[0, 24 * HOUR, 49]]],
    [
      'longer than 24 hours cuts',
      [...every30Minutes(0, 24 * HOUR), at(24 * HOUR + 1)],
      [
        [0, 24 * HOUR, 49],
        [24 * HOUR + 1, 24 * HOUR + 1, 1],
      ],
    ],
    [
      'a client id alone delimits its session',
      [at(0, { sessionId: 'c' }), at(2 * HOUR, { sessionId: 'c' })],
      [[0, 2 * HOUR, 2]],
    ],
    [
      'events with and without a client id do not mix',
      [at(0, { sessionId: 'c' }), at(1), at(2, { sessionId: 'd' })],
      [
        [0, 0, 1],
        [1, 1, 1],
        [2, 2, 1],
      ],
    ],
    ['a late event inside', [at(0), at(20 * MINUTE), late(MINUTE, 21 * MINUTE)], [[0, 20 * MINUTE, 3]]],
    ['a late event before', [at(HOUR), late(HOUR - 30 * MINUTE, HOUR + 1)], [[30 * MINUTE, HOUR, 2]]],
    ['a late event between joins', [at(0), at(40 * MINUTE), late(20 * MINUTE, 41 * MINUTE)], [[0, 40 * MINUTE, 3]]],
    [
      'what would be too long together is not joined',
      [...every30Minutes(0, 24 * HOUR), at(24 * HOUR + 40 * MINUTE), late(24 * HOUR - 1, 25 * HOUR)],
      [
        [0, 24 * HOUR, 50],
        [24 * HOUR + 40 * MINUTE, 24 * HOUR + 40 * MINUTE, 1],
      ],
    ],
  ])('%s', (_, events, expected) => {
    const live = createLive();
    for (const event of events) live.add(event);
    live.passTo(100 * HOUR);
    expect(spans(live.standing())).toEqual(expected);
  });

  function every30Minutes(from: number, to: number): StoredEvent[] {
    const events: StoredEvent[] = [];
    for (let time = from; time <= to; time += 30 * MINUTE) events.push(at(time));
    return events;
  }
});

describe('rows of a session', () => {
  it('come when it opens, then every 15 s while it changes, and when it closes', () => {
    const live = createLive();
    for (let second = 0; second <= 40; second += 4) live.add(at(second * SECOND));
    live.passTo(2 * HOUR);
    const facts = live.emitted.map((row) => [row.state, row.events, row.version.offset, row.version.rank]);
    expect(facts).toEqual([
      ['open', 1, 0, 0],
      ['open', 4, 3, 15 * SECOND],
      ['open', 8, 7, 30 * SECOND],
      ['open', 11, 10, 45 * SECOND],
      ['closed', 11, 10, 40 * SECOND + 30 * MINUTE + 1],
    ]);
  });

  it('reopen after the end when a late event comes, and count it', () => {
    const live = createLive();
    live.add(at(0));
    live.add(late(10 * MINUTE, 3 * HOUR));
    expect(live.standing()).toMatchObject([{ state: 'open', events: 2, lateEvents: 1 }]);
    live.passTo(3 * HOUR + 31 * MINUTE);
    expect(live.standing()).toMatchObject([{ state: 'closed', events: 2, end: 10 * MINUTE, lateEvents: 1 }]);
  });

  it('do not count historical events as late', () => {
    const live = createLive();
    live.add(at(0));
    live.add(late(10 * MINUTE, 3 * HOUR, { flags: 2 }));
    expect(live.standing()).toMatchObject([{ events: 2, lateEvents: 0 }]);
  });

  it('name the absorbing session when two are joined', () => {
    const live = createLive();
    live.add(at(0));
    live.add(at(40 * MINUTE));
    const [left, right] = live.standing();
    live.add(late(20 * MINUTE, 41 * MINUTE));
    expect(live.newest().find((row) => row.sessionId === right?.sessionId)).toMatchObject({
      state: 'merged',
      mergedInto: left?.sessionId,
    });
    expect(live.standing()).toMatchObject([{ sessionId: left?.sessionId, events: 3 }]);
  });

  it('close a client session 24 hours after it was first heard of', () => {
    const live = createLive();
    for (let half = 0; half <= 52; half++) live.add(at(half * 30 * MINUTE, { sessionId: 'c' }));
    expect(live.standing()).toMatchObject([{ state: 'closed', events: 53, lateEvents: 4, end: 26 * HOUR }]);
  });

  it('forget a session 2 hours behind the lateness bound', () => {
    const live = createLive();
    live.add(at(0));
    live.passTo(26 * HOUR);
    expect(live.state()?.sessions).toHaveLength(1);
    live.passTo(26 * HOUR + 1);
    expect(live.state()).toBeNull();
  });

  it('are not emitted for what opens while settled history is replayed', () => {
    const live = createLive();
    live.isQuiet = true;
    live.add(at(0));
    live.isQuiet = false;
    live.add(at(10 * MINUTE));
    live.add(at(HOUR));
    live.passTo(3 * HOUR);
    expect(spans(live.standing())).toEqual([[HOUR, HOUR, 1]]);
  });

  it('stay within the bounds of a state: what ended first leaves first, with a last row', () => {
    const live = createLive({ maxSessions: 2 });
    for (const sessionId of ['c', 'd', 'e']) live.add(at(live.emitted.length, { sessionId }));
    expect(live.state()?.sessions.map((session) => session.id)).toEqual(['d', 'e']);
    expect(live.newest().map((row) => [row.sessionId, row.state])).toEqual([['c', 'closed'], ['d', 'open'], ['e', 'open']]); // prettier-ignore
  });

  it('say what the session was about', () => {
    const live = createLive();
    live.add(at(2, { pagePath: '/b', anonymousId: 'x', userAgent: 'Mozilla', utmMedium: 'mail' }));
    live.add(at(3, { type: 'error', pagePath: '/c', flags: 1 }));
    live.add(late(1, 4, { type: 'ui.click', pagePath: '/a', pageReferrer: 'https://example.org/' }));
    live.passTo(HOUR);
    expect(live.standing()).toMatchObject([
      {
        userId: 'ann', anonymousId: 'x', entryPath: '/b', exitPath: '/b', pageViews: 1, errors: 1, isBot: false,
        referrer: 'https://example.org/', utmSource: null, utmMedium: 'mail', userAgent: 'Mozilla',
      },
    ]); // prettier-ignore
  });
});
