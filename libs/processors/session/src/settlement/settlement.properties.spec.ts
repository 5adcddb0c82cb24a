import { compareEvents, type SessionRow, type StoredEvent } from '@productgraph/contracts';
import { DEFAULT_SESSION_SETTINGS, isMadeSessionId, sessionize } from '@productgraph/domain-session';
import { storedEvent } from '@productgraph/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, START, World } from '../spec-world.ts';
import type { SettlementDeps } from './options.ts';

/*
 * decisions.md 26-29 and guarantee G3 as properties: whatever arrives in whatever order, however often something fails, when
 * everything is settled the sessions equal one pass over the stored events.
 */

const item = fc.record({
  gap: fc.oneof(
    fc.integer({ min: 0, max: 6 }).map((n) => n * 10 * MINUTE),
    fc.constantFrom(1, 30 * MINUTE, 30 * MINUTE + 1, 5 * HOUR),
  ),
  // Beyond the bound of 24 h, and ahead of the clock.
  delay: fc.oneof(
    { weight: 4, arbitrary: fc.constant(0) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 24 * HOUR }) },
    { weight: 1, arbitrary: fc.integer({ min: 24 * HOUR, max: 90 * HOUR }) },
    { weight: 1, arbitrary: fc.integer({ min: -20 * HOUR, max: 0 }) },
  ),
  userId: fc.constantFrom('ann', 'ann', 'bob'),
  sessionId: fc.constantFrom(null, null, null, 'c1', 'c2'),
  pagePath: fc.constantFrom('/', '/a', null),
  flags: fc.constantFrom(0, 0, 1, 2),
});

const history = fc.array(item, { minLength: 1, maxLength: 30 }).map((items) => {
  let timestamp = START + 100 * HOUR;
  return items.map(({ gap, delay, ...fields }, index) => {
    timestamp += gap;
    return storedEvent({ ...fields, timestamp, receivedAt: timestamp + delay, eventId: `e${String(index)}` });
  });
});

/** Chains of days without a gap, where a late event at the front moves every cut behind it. */
const chain = fc
  .record({
    gaps: fc.array(fc.integer({ min: 20, max: 30 }), { minLength: 120, maxLength: 260 }),
    late: fc.uniqueArray(fc.nat({ max: 119 }), { maxLength: 4 }),
    delay: fc.integer({ min: 1, max: 80 }),
  })
  .map(({ gaps, late, delay }) => {
    let timestamp = START + 100 * HOUR;
    return gaps.map((gap, index) => {
      timestamp += gap * MINUTE;
      const receivedAt = timestamp + (late.includes(index) ? delay * HOUR : 0);
      return storedEvent({ timestamp, receivedAt, eventId: `e${String(index)}` });
    });
  });

const byReceipt = (events: readonly StoredEvent[]): StoredEvent[] =>
  [...events].sort((a, b) => a.receivedAt - b.receivedAt || compareEvents(a, b));

function brief(row: SessionRow): unknown {
  const { start, end, events, pageViews, entryPath, exitPath, isBot, lateEvents, state, sessionId } = row;
  const id = isMadeSessionId(sessionId) ? 'made' : sessionId;
  return { id, state, start, end, events, pageViews, entryPath, exitPath, isBot, lateEvents };
}

function oracle(events: readonly StoredEvent[], userKey: string): unknown[] {
  const own = events.filter((event) => event.userKey === userKey).sort(compareEvents);
  return sessionize(own, DEFAULT_SESSION_SETTINGS)
    .sort((a, b) => a.facts.start - b.facts.start)
    .map(({ clientId, facts, lateEvents }) => ({
      id: clientId ?? 'made',
      state: 'settled',
      start: facts.start,
      end: facts.end,
      events: facts.events,
      pageViews: facts.pageViews,
      entryPath: (facts.firstPage ?? facts.firstPath)?.value ?? null,
      exitPath: (facts.lastPage ?? facts.lastPath)?.value ?? null,
      isBot: facts.botEvents === facts.events,
      lateEvents,
    }));
}

const inOrder = (a: unknown, b: unknown): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

interface Course {
  /** Settlement runs after every n-th event. */
  readonly settleEvery: number;
  /** The session-processor starts again after this event; at 0 mod 3 without its state. */
  readonly restartAt: number;
  readonly deps?: (world: World) => SettlementDeps;
}

class Fault extends Error {}
const isFault = (error: unknown): boolean => error instanceof Fault;

async function live(events: readonly StoredEvent[], course: Course): Promise<World> {
  const world = new World();
  const deps = course.deps?.(world) ?? world.deps;
  for (const [index, event] of byReceipt(events).entries()) {
    await world.receive(event);
    if (index === course.restartAt) world.restart({ lost: index % 3 === 0 });
    if (index % course.settleEvery === 0) await world.settle(deps, isFault);
  }
  world.now += 200 * HOUR;
  await world.settle(deps, isFault);
  return world;
}

async function expectExact(world: World, events: readonly StoredEvent[]): Promise<void> {
  for (const userKey of ['u:ann', 'u:bob']) {
    const standing = (await world.standing(userKey)).map(brief);
    expect(standing.sort(inOrder)).toEqual(oracle(events, userKey).sort(inOrder));
  }
  expect(await world.progress.deferred(0, Number.MAX_SAFE_INTEGER)).toEqual([]);
}

const course = fc.record({ settleEvery: fc.integer({ min: 1, max: 12 }), restartAt: fc.integer({ min: -1, max: 30 }) });

describe('settled sessions', () => {
  it.each([
    ['histories', history, 60],
    ['chains', chain, 8],
  ] as const)(
    'equal one pass over the stored events: %s',
    async (_, events, numRuns) => {
      await fc.assert(
        fc.asyncProperty(events, course, async (drawn, how) => {
          await expectExact(await live(drawn, how), drawn);
        }),
        { numRuns, endOnFailure: true },
      );
    },
    120_000,
  );

  it('are the same when every port fails now and then, and settling again changes nothing', async () => {
    let faults = 0;
    await fc.assert(
      fc.asyncProperty(
        history,
        course,
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 5, maxLength: 40 }),
        async (drawn, how, points) => {
          const world = await live(drawn, {
            ...how,
            deps: ({ deps }) => failing(deps, points, () => faults++),
          });
          await expectExact(world, drawn);
          const rows = world.emitted().length;
          await world.progress.request(drawn[0]!.projectId, START, START + 1000 * HOUR);
          await world.settle();
          expect(world.emitted()).toHaveLength(rows);
        },
      ),
      { numRuns: 40, endOnFailure: true },
    );
    // The property would be empty if nothing had failed.
    expect(faults).toBeGreaterThan(100);
  }, 120_000);
});

/** The ports, each call of which may fail, before or after its effect. `points`: calls from one fault to the next. */
function failing(deps: SettlementDeps, points: readonly number[], onFault: () => void): SettlementDeps {
  const schedule = points[Symbol.iterator]();
  let until = schedule.next().value ?? Number.POSITIVE_INFINITY;
  const step = (): void => {
    if (until-- > 0) return;
    until = schedule.next().value ?? Number.POSITIVE_INFINITY;
    onFault();
    throw new Fault();
  };
  const wrap = <T extends object>(port: T): T =>
    new Proxy(port, {
      get: (target, name) => {
        const verb: unknown = Reflect.get(target, name);
        if (typeof verb !== 'function') return verb;
        return async (...values: unknown[]) => {
          step();
          const result: unknown = await Reflect.apply(verb, target, values);
          step();
          return result;
        };
      },
    });
  return {
    ...deps,
    store: wrap(deps.store),
    progress: wrap(deps.progress),
    log: wrap(deps.log),
    state: wrap(deps.state),
    sink: async (...values) => {
      step();
      await deps.sink(...values);
      step();
    },
  };
}
