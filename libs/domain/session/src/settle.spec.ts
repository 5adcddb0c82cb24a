import type { SessionRow, StoredEvent } from '@productgraph/contracts';
import { storedEvent } from '@productgraph/testing';
import { describe, expect, it } from 'vitest';
import { isMadeSessionId, madeSessionId } from './made-id.ts';
import { toRow } from './row.ts';
import { sessionize, type ExactSession } from './sessionize.ts';
import { settleClient, settleMade, type SettleContext } from './settle.ts';
import { DEFAULT_SESSION_SETTINGS } from './settings.ts';
import { MINUTE } from './spec-live.ts';

const owner = { projectId: '01900000-0000-7000-8000-000000000001', userKey: 'u:ann', lane: 0 };
const at = (minutes: number, fields: Partial<StoredEvent> = {}): StoredEvent =>
  storedEvent({ timestamp: minutes * MINUTE, ...fields });
const exact = (...minutes: number[]): ExactSession[] =>
  sessionize(
    minutes.map((m) => at(m)),
    DEFAULT_SESSION_SETTINGS,
  );

/** A live row from `start` to `end`, minutes. */
function row(sessionId: string, [start, end]: readonly [number, number], fields: Partial<SessionRow> = {}): SessionRow {
  const [session] = exact(start);
  const head = {
    sessionId, version: { revision: 0, generation: 1, offset: 5, rank: 0 }, state: 'closed', mergedInto: null,
    openedReceivedAt: 77, lateEvents: 0,
  } as const; // prettier-ignore
  return { ...toRow(owner, head, { ...session!.facts, end: end * MINUTE }), ...fields };
}

function settle(sessions: ExactSession[], rows: SessionRow[], context: Partial<SettleContext> = {}): SessionRow[] {
  const whole = { owner, isFinal: () => true, version: { generation: 1, offset: 9 }, takenIds: new Set<string>() };
  return settleMade({ sessions, rows }, { ...whole, ...context });
}

const brief = (rows: SessionRow[]): unknown[] =>
  rows.map(({ sessionId, state, mergedInto, start, end, version }) => {
    const span = [start / MINUTE, end / MINUTE];
    return [sessionId, state, ...(state === 'merged' ? [mergedInto] : [span]), version.revision];
  });

describe('settling sessions made here', () => {
  it.each<[string, ExactSession[], SessionRow[], unknown[]]>([
    ['marks a right row settled', exact(0, 10), [row('x', [0, 10])], [['x', 'settled', [0, 10], 1]]],
    ['corrects a wrong row', exact(0, 10), [row('x', [0, 5])], [['x', 'settled', [0, 10], 1]]],
    ['makes a row where there is none', exact(0), [], [[madeSessionId(owner, 'e0'), 'settled', [0, 0], 1]]],
    [
      'keeps the id of the row it overlaps most and merges the other',
      exact(0, 20, 40),
      [row('x', [0, 5]), row('y', [15, 40])],
      [
        ['y', 'settled', [0, 40], 1],
        ['x', 'merged', 'y', 1],
      ],
    ],
    [
      'takes the earlier of equal ones',
      exact(0, 20, 40),
      [row('y', [30, 40]), row('x', [0, 10])],
      [
        ['x', 'settled', [0, 40], 1],
        ['y', 'merged', 'x', 1],
      ],
    ],
    [
      'gives a row that covers two sessions to the one it overlaps most, and the other a new id',
      exact(0, 10, 60, 80),
      [row('x', [0, 80])],
      [
        [madeSessionId(owner, 'e0'), 'settled', [0, 10], 1],
        ['x', 'settled', [60, 80], 1],
      ],
    ],
    [
      'does not give the same id twice',
      exact(0, 10, 60, 80),
      [row(madeSessionId(owner, 'e0'), [0, 80])],
      [
        [madeSessionId(owner, 'e0', 1), 'settled', [0, 10], 1],
        [madeSessionId(owner, 'e0'), 'settled', [60, 80], 1],
      ],
    ],
    ['takes back a row without any event', exact(0), [row('x', [0, 0]), row('y', [50, 60])], [['x', 'settled', [0, 0], 1], ['y', 'merged', null, 1]]], // prettier-ignore
    [
      'raises the revision when settled again',
      exact(0, 10),
      [row('x', [0, 5], { state: 'settled', version: { revision: 3, generation: 1, offset: 1, rank: 0 } })],
      [['x', 'settled', [0, 10], 4]],
    ],
  ])('%s', (...[, sessions, rows, expected]) => {
    const first = settle(sessions, rows);
    expect(brief(first)).toEqual(expected);
    expect(
      settle(
        sessions,
        first.filter((settled) => settled.state !== 'merged'),
      ),
    ).toEqual([]);
  });

  it('keeps the time of receipt that fixed the month of the row', () => {
    expect(settle(exact(0, 10), [row('x', [0, 10])])).toMatchObject([{ openedReceivedAt: 77 }]);
  });

  it('leaves what is not final to the live fold, with every row it touches', () => {
    const sessions = exact(0, 10, 60, 80);
    const isFinal = (session: ExactSession): boolean => session.facts.start === 0;
    expect(brief(settle(sessions, [row('x', [0, 65])], { isFinal }))).toEqual([
      [madeSessionId(owner, 'e0'), 'settled', [0, 10], 1],
    ]);
  });

  it('reopens a settled row whose session is not final any more, once', () => {
    const settled = row('x', [0, 10], {
      state: 'settled',
      version: { revision: 2, generation: 1, offset: 1, rank: 0 },
    });
    const reopened = settle(exact(0, 10, 20), [settled], { isFinal: () => false });
    expect(brief(reopened)).toEqual([['x', 'closed', [0, 10], 3]]);
    expect(settle(exact(0, 10, 20), reopened, { isFinal: () => false })).toEqual([]);
  });
});

describe("settling a client's session", () => {
  const [session] = sessionize([at(0, { sessionId: 'c' }), at(90, { sessionId: 'c' })], DEFAULT_SESSION_SETTINGS);
  const client = { ...session!, clientId: 'c' };
  const context = { owner, version: { generation: 1, offset: 9 } };

  it('keeps its id, and says nothing twice', () => {
    const [settled] = settleClient(client, row('c', [0, 0]), context);
    expect(settled).toMatchObject({ sessionId: 'c', state: 'settled', events: 2, end: 90 * MINUTE });
    expect(settleClient(client, settled, context)).toEqual([]);
  });
});

describe('ids made here', () => {
  it('are fixed for project, user key and event, and recognisable', () => {
    const id = madeSessionId(owner, 'e1');
    expect(id).toBe('9d6b32f4-0f5c-8532-a5a8-db7a0b79474e');
    expect(isMadeSessionId(id)).toBe(true);
    expect(madeSessionId({ ...owner, userKey: 'a:ann' }, 'e1')).not.toBe(id);
    expect(madeSessionId(owner, 'e1', 1)).not.toBe(id);
  });

  it.each(['c1', '01900000-0000-7000-8000-000000000001', '3d813cbb-47fb-42ba-91df-831e1593ac29', ''])(
    'are told from clients’: %s',
    (id) => {
      expect(isMadeSessionId(id)).toBe(false);
    },
  );
});
