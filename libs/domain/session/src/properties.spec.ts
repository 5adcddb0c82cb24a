import { compareEvents, type SessionRow, type StoredEvent } from '@productgraph/contracts';
import { storedEvent } from '@productgraph/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factsOf, mergeFacts } from './facts.ts';
import { isMadeSessionId } from './made-id.ts';
import { toRow } from './row.ts';
import { sessionize, type ExactSession } from './sessionize.ts';
import { settleClient, settleMade, type SettleContext } from './settle.ts';
import { DEFAULT_SESSION_SETTINGS } from './settings.ts';
import { createLive, highest, HOUR, MINUTE } from './spec-live.ts';
import { standingMadeRows } from './window.ts';

const LATENESS = 24 * HOUR;
const owner = { projectId: '01900000-0000-7000-8000-000000000001', userKey: 'u:ann', lane: 0 };

/** Steps on a grid of 10 minutes, and times that lie exactly on a bound or one beside it. */
const step = fc.oneof(
  fc.integer({ min: 0, max: 6 }).map((n) => n * 10 * MINUTE),
  fc.constantFrom(0, 1, 30 * MINUTE - 1, 30 * MINUTE, 30 * MINUTE + 1, 5 * HOUR, 23 * HOUR),
);
const fields = fc.record({
  step,
  delay: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: LATENESS })),
  sessionId: fc.constantFrom(null, null, null, 'c1', 'c2'),
  type: fc.constantFrom<StoredEvent['type'][]>('page.view', 'ui.click', 'error'),
  pagePath: fc.constantFrom(null, '/', '/a', '/b'),
  pageReferrer: fc.constantFrom(null, 'https://example.org/'),
  utmSource: fc.constantFrom(null, 'mail', 'search'),
  userAgent: fc.constantFrom(null, 'Mozilla', 'curl'),
  anonymousId: fc.constantFrom(null, 'x', 'y'),
  sequence: fc.integer({ min: 0, max: 2 }),
  flags: fc.constantFrom(0, 0, 0, 1, 2),
});

/** Events in total order. */
const history = fc.array(fields, { minLength: 1, maxLength: 40 }).map((items) => {
  let timestamp = 0;
  return items
    .map(({ step: gap, delay, ...rest }, index) => {
      timestamp += gap;
      return storedEvent({ ...rest, timestamp, receivedAt: timestamp + delay, eventId: `e${String(index)}` });
    })
    .sort(compareEvents);
});
/** Long chains without a gap: what the 24 hours cut. */
const chain = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 30, maxLength: 150 }).map((gaps) =>
  gaps.map(
    (
      (time) => (gap: number) =>
        storedEvent({ timestamp: (time += gap * MINUTE) })
    )(0),
  ),
);

const byReceipt = (events: readonly StoredEvent[]): StoredEvent[] =>
  [...events].sort((a, b) => a.receivedAt - b.receivedAt || compareEvents(a, b));

/** What a row says, without what depends on the order of arrival: id, version, state, opener's receipt. */
function content({
  sessionId,
  version: _version,
  state: _state,
  openedReceivedAt: _opened,
  ...row
}: SessionRow): unknown {
  return { ...row, sessionId: isMadeSessionId(sessionId) ? 'made' : sessionId };
}

function exactRows(events: readonly StoredEvent[]): unknown[] {
  return sessionize(events, DEFAULT_SESSION_SETTINGS)
    .map((session) =>
      toRow(
        owner,
        {
          sessionId: session.clientId ?? 'made',
          version: { revision: 0, generation: 0, offset: 0, rank: 0 },
          state: 'settled',
          mergedInto: null,
          openedReceivedAt: 0,
          lateEvents: session.lateEvents,
        },
        session.facts,
      ),
    )
    .map(content)
    .sort(inOrder);
}

const text = (value: unknown): string => JSON.stringify(value);
const inOrder = (a: unknown, b: unknown): number => (text(a) < text(b) ? -1 : 1);

/** Everything settled at once, over the whole history. */
function settleAll(events: readonly StoredEvent[], rows: readonly SessionRow[], offset: number): SessionRow[] {
  const sessions = sessionize(events, DEFAULT_SESSION_SETTINGS);
  const context: SettleContext = {
    owner,
    isFinal: () => true,
    version: { generation: 1, offset },
    takenIds: new Set(rows.map((row) => row.sessionId)),
  };
  const isClient = (session: ExactSession): session is ExactSession & { clientId: string } => session.clientId !== null;
  const clients = sessions.filter(isClient);
  const made = sessions.filter((session) => session.clientId === null);
  return [
    ...clients.flatMap((session) =>
      settleClient(
        session,
        rows.find((row) => row.sessionId === session.clientId),
        context,
      ),
    ),
    ...settleMade({ sessions: made, rows: standingMadeRows(rows, sessions) }, context),
  ];
}

function liveRows(events: readonly StoredEvent[], throughText = false): ReturnType<typeof createLive> {
  const live = createLive({ keepMs: 40 * 24 * HOUR, maxSessions: 1_000 }, throughText);
  for (const event of byReceipt(events)) live.add(event);
  live.passTo(60 * 24 * HOUR);
  return live;
}

describe('sessions of events in any order', () => {
  it.each([
    ['mixed', history],
    ['chains', chain],
  ])('live equals one pass at once when events come in order: %s', (_, events) => {
    fc.assert(
      fc.property(events, (drawn) => {
        const inTime = drawn.map((event) => ({ ...event, receivedAt: event.timestamp }));
        expect(liveRows(inTime).standing().map(content).sort(inOrder)).toEqual(exactRows(inTime));
      }),
      { numRuns: 300 },
    );
  });

  it('settled equals one pass, keeps ids, and settling again changes nothing', () => {
    fc.assert(
      fc.property(history, (events) => {
        const emitted = liveRows(events).newest();
        const corrections = settleAll(events, emitted, 1_000);
        const settled = highest([...emitted, ...corrections]);
        const standing = settled.filter((row) => row.state !== 'merged');
        expect(standing.map(content).sort(inOrder)).toEqual(exactRows(events));
        expect(standing.every((row) => row.state === 'settled' && row.version.revision === 1)).toBe(true);
        for (const row of settled.filter((candidate) => candidate.state === 'merged')) {
          expect(standing.some((other) => other.sessionId === row.mergedInto) || row.version.revision === 0).toBe(true);
        }
        expect(settleAll(events, settled, 2_000)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('settling again with more events equals one pass over all, by a higher revision', () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 1, max: 100 }), (events, seed) => {
        const before = events.filter((_, index) => (index * 7 + seed) % 5 !== 0);
        const emitted = liveRows(before).newest();
        const first = highest([...emitted, ...settleAll(before, emitted, 1_000)]);
        const second = highest([...first, ...settleAll(events, first, 2_000)]);
        const standing = second.filter((row) => row.state !== 'merged');
        expect(standing.map(content).sort(inOrder)).toEqual(exactRows(events));
        expect(settleAll(events, second, 3_000)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('a crash between any two events changes nothing: the state goes through its text form', () => {
    fc.assert(
      fc.property(history, (events) => {
        const [plain, parsed] = [liveRows(events), liveRows(events, true)];
        expect(parsed.emitted).toEqual(plain.emitted);
        expect(parsed.state()).toEqual(plain.state());
      }),
      { numRuns: 300 },
    );
  });

  it('facts of parts merge into the facts of the whole, however they are split and ordered', () => {
    fc.assert(
      fc.property(history, fc.infiniteStream(fc.nat()), (events, random) => {
        const parts = events.map(factsOf);
        while (parts.length > 1) {
          const pick = (): (typeof parts)[number] =>
            parts.splice((random.next().value as number) % parts.length, 1)[0]!;
          parts.push(mergeFacts(pick(), pick()));
        }
        expect(parts[0]).toEqual(events.map(factsOf).reduce(mergeFacts));
      }),
      { numRuns: 200 },
    );
  });
});
