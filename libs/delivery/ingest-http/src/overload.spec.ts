import { gzipSync } from 'node:zlib';
import type { SharedRates } from '@productgraph/domain-tenant';
import { LogUnavailable } from '@productgraph/kernel';
import { describe, expect, it } from 'vitest';
import { NOW, startEdge, view, watchedKeys, type Edge, type Reply } from './spec-edge.ts';

const DAY = 86_400_000;
const turns = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
};

function refusal(reply: Reply, status: number, code: string): void {
  expect([reply.status, reply.json.error]).toEqual([
    status,
    { code, message: expect.any(String), request_id: expect.any(String) },
  ]);
}

describe('nothing is acknowledged', () => {
  it('before the log has it durably', async () => {
    const edge = await startEdge();
    const release = edge.log.hold();
    let reply: Reply | null = null;
    const sending = edge.send([view(), {}]).then((answer) => (reply = answer));
    await turns();
    expect(reply).toBeNull();
    expect(edge.facts.told.eventsJudged).toEqual([]);
    release();
    await sending;
    expect(reply).toMatchObject({ status: 202, json: { accepted: 1, rejected: 1 } });
    expect(edge.facts.told.eventsJudged).toEqual([{ accepted: 1, rejected: 1, duplicate: 0 }]);
  });

  it('in one append with what is refused: both are durable, or neither', async () => {
    const edge = await startEdge();
    await edge.send([view(), {}]);
    expect(edge.log.appends.map((appends) => appends.map(({ topic }) => topic).sort())).toEqual([
      ['events', 'quarantine'],
    ]);
  });

  it('when the log takes nothing: 503, and nothing is in it', async () => {
    const edge = await startEdge();
    edge.log.fail(new LogUnavailable('away'));
    const replies = await Promise.all([edge.send(view()), edge.send([{}]), edge.send([view(), {}])]);
    for (const reply of replies) {
      refusal(reply, 503, 'unavailable');
      expect(reply.headers['retry-after']).toBe('1');
    }
    expect(edge.facts.told.eventsJudged).toEqual([]);
    edge.log.fail(null);
    expect((await edge.send(view({ event_id: 'later' }))).status).toBe(202);
    expect(edge.events().map((event) => event.eventId)).toEqual(['later']);
    expect(edge.quarantine()).toEqual([]);
  });

  it('when it fails in the middle: the events of that append only', async () => {
    const edge = await startEdge();
    await edge.send(view({ event_id: 'a' }));
    edge.log.fail(new LogUnavailable('away'));
    refusal(await edge.send(view({ event_id: 'b' })), 503, 'unavailable');
    edge.log.fail(null);
    await edge.send(view({ event_id: 'c' }));
    expect(edge.events().map((event) => event.eventId)).toEqual(['a', 'c']);
    expect(edge.facts.told.appendFailed).toMatchObject([{ events: 1 }]);
  });

  it('when keys cannot be looked up: 503', async () => {
    let keys: ReturnType<typeof watchedKeys> | undefined;
    const edge = await startEdge({ deps: (deps) => ({ keys: (keys = watchedKeys(deps.keys)) }) });
    if (keys === undefined) throw new Error('The edge was given no keys');
    keys.fault = new Error('connection refused: secret details');
    const reply = await edge.send(view());
    refusal(reply, 503, 'unavailable');
    expect(reply.headers['retry-after']).toBe('1');
    expect(JSON.stringify(reply.json)).not.toContain('secret details');
    keys.fault = null;
    expect((await edge.send(view())).status).toBe(202);
  });
});

describe('bytes in hand', () => {
  const bounded = (maxBytesInHand: number): Promise<Edge> => startEdge({ deps: () => ({ maxBytesInHand }) });
  const large = (kilobytes: number): string => JSON.stringify(view()).padEnd(kilobytes * 1024);

  it('are bounded: requests beyond get 503 until the log has taken some', async () => {
    const edge = await bounded(100 * 1024);
    const release = edge.log.hold();
    const held = [edge.send(large(40)), edge.send(large(40))];
    await turns();
    const reply = await edge.send(large(40));
    refusal(reply, 503, 'unavailable');
    expect(reply.headers['retry-after']).toBe('1');
    const small = edge.send(large(10));
    release();
    expect((await Promise.all([...held, small])).map(({ status }) => status)).toEqual([202, 202, 202]);
    expect((await edge.send(large(40))).status).toBe(202);
  });

  it('count by what a bomb becomes', async () => {
    const edge = await bounded(100 * 1024);
    const release = edge.log.hold();
    const held = [edge.send(gzipSync(large(45))), edge.send(gzipSync(large(45)))];
    await turns();
    refusal(await edge.send(gzipSync(large(45))), 503, 'unavailable');
    release();
    expect((await Promise.all(held)).map(({ status }) => status)).toEqual([202, 202]);
    expect((await edge.send(gzipSync(large(45)))).status).toBe(202);
  });

  it('are given back by refused requests too', async () => {
    const edge = await bounded(50 * 1024);
    for (let i = 0; i < 5; i++) {
      expect((await edge.send('['.padEnd(40 * 1024))).status).toBe(400);
      expect((await edge.send(gzipSync('['.padEnd(40 * 1024)))).status).toBe(400);
    }
    expect((await edge.send(large(40))).status).toBe(202);
  });
});

describe('quota', () => {
  const withQuota = (
    quota: { eventsPerSecond: number | null; eventsPerMonth: number | null },
    used = 0,
  ): Promise<Edge> =>
    startEdge({ settings: { quota }, deps: () => ({ usage: { acceptedInMonth: async () => used } }) });
  const many = (count: number): object[] => Array.from({ length: count }, () => view());

  it('of the month: refused until the month ends', async () => {
    const edge = await withQuota({ eventsPerSecond: null, eventsPerMonth: 100 }, 95);
    expect((await edge.send(many(3))).status).toBe(202);
    const reply = await edge.send(many(3));
    refusal(reply, 429, 'quota_exceeded');
    const end = Date.UTC(2026, 9, 1);
    expect(reply.headers['retry-after']).toBe(String(Math.ceil((end - NOW) / 1000)));
    expect((await edge.send(many(2))).status).toBe(202);
    expect(edge.events()).toHaveLength(5);
    expect(edge.facts.told.requestRefused).toEqual([{ code: 'quota_exceeded' }]);
  });

  it('of the month opens with the next one', async () => {
    const used: Record<string, number> = { '2026-09': 100, '2026-10': 0 };
    const edge = await startEdge({
      settings: { quota: { eventsPerSecond: null, eventsPerMonth: 100 } },
      deps: () => ({ usage: { acceptedInMonth: async (_project, month) => used[month] ?? 0 } }),
    });
    refusal(await edge.send(view()), 429, 'quota_exceeded');
    edge.clock.set(Date.UTC(2026, 9, 1));
    expect((await edge.send(view())).status).toBe(202);
  });

  it('of the month is read once a minute, and once for requests that come together', async () => {
    let asked = 0;
    const edge = await startEdge({
      settings: { quota: { eventsPerSecond: null, eventsPerMonth: 10 } },
      deps: () => ({ usage: { acceptedInMonth: async () => (asked++, 0) } }),
    });
    const replies = await Promise.all(Array.from({ length: 20 }, () => edge.send(view())));
    expect(replies.map(({ status }) => status).sort()).toEqual([...Array(10).fill(202), ...Array(10).fill(429)]);
    expect(asked).toBe(1);
    edge.clock.set(NOW + 60_000);
    refusal(await edge.send(view()), 429, 'quota_exceeded');
    expect(asked).toBe(1);
    edge.clock.set(NOW + 60_001);
    expect((await edge.send(view())).status).toBe(202);
    expect(asked).toBe(2);
  });

  it('of the month that cannot be read: 503', async () => {
    const edge = await startEdge({
      settings: { quota: { eventsPerSecond: null, eventsPerMonth: 10 } },
      deps: () => ({ usage: { acceptedInMonth: () => Promise.reject(new Error('away')) } }),
    });
    const reply = await edge.send(view());
    refusal(reply, 503, 'unavailable');
    expect(reply.headers['retry-after']).toBe('1');
  });

  it('of the second: refused until there is room again', async () => {
    const edge = await withQuota({ eventsPerSecond: 10, eventsPerMonth: null });
    expect((await edge.send(many(10))).status).toBe(202);
    const reply = await edge.send(many(5));
    refusal(reply, 429, 'quota_exceeded');
    expect(reply.headers['retry-after']).toBe('1');
    edge.clock.set(NOW + 500);
    expect((await edge.send(many(5))).status).toBe(202);
  });

  it('of the second is one for all processes that share it', async () => {
    const settings = { quota: { eventsPerSecond: 10, eventsPerMonth: null } };
    const taken: object[] = [];
    let room = 10;
    const rates: SharedRates = {
      take: async (asked) => {
        taken.push(asked);
        room -= asked.n;
        return room >= 0 ? { allowed: true } : { allowed: false, retryAfterMs: 1500 };
      },
    };
    const [one, other] = await Promise.all([0, 1].map(() => startEdge({ settings, deps: () => ({ rates }) })));
    expect((await one!.send(many(6))).status).toBe(202);
    const reply = await other!.send(many(6));
    refusal(reply, 429, 'quota_exceeded');
    expect(reply.headers['retry-after']).toBe('2');
    expect(taken).toMatchObject([
      { rate: 10, n: 6 },
      { rate: 10, n: 6 },
    ]);
  });

  it('of the second holds per process while the shared one cannot be asked', async () => {
    const rates: SharedRates = { take: () => Promise.reject(new Error('away')) };
    const edge = await startEdge({
      settings: { quota: { eventsPerSecond: 10, eventsPerMonth: null } },
      deps: () => ({ rates }),
    });
    expect((await edge.send(many(10))).status).toBe(202);
    refusal(await edge.send(many(5)), 429, 'quota_exceeded');
    expect(edge.facts.told.ratesLost).toHaveLength(2);
  });

  it('of the second: a large batch passes, and the ones behind it wait for longer', async () => {
    const edge = await withQuota({ eventsPerSecond: 10, eventsPerMonth: null });
    expect((await edge.send(many(100))).status).toBe(202);
    const reply = await edge.send(view());
    expect([reply.status, reply.headers['retry-after']]).toEqual([429, '10']);
    edge.clock.set(NOW + 10_000);
    expect((await edge.send(view())).status).toBe(202);
  });

  it('of one project does not concern another, nor a day the next', async () => {
    const edge = await withQuota({ eventsPerSecond: 1, eventsPerMonth: 1_000 });
    expect((await edge.send(many(2))).status).toBe(202);
    refusal(await edge.send(view()), 429, 'quota_exceeded');
    const other = await startEdge();
    expect((await other.send(many(2))).status).toBe(202);
    edge.clock.set(NOW + DAY);
    expect((await edge.send(view())).status).toBe(202);
  });
});

describe('facts', () => {
  it('tell the status, the bytes as they came and the seconds', async () => {
    const edge = await startEdge();
    const body = gzipSync(JSON.stringify(view()));
    await edge.send(body);
    await edge.send('nonsense');
    expect(edge.facts.told.requestAnswered).toEqual([
      { status: 202, seconds: 0, bytes: body.length },
      { status: 400, seconds: 0, bytes: 8 },
    ]);
    expect(edge.facts.told.requestRefused).toEqual([{ code: 'malformed_body' }]);
  });

  it('tell a bug, whose answer is 500 without its details', async () => {
    const edge = await startEdge();
    await edge.send(view());
    edge.log.fail(new TypeError('x is not a function, password=hunter2'));
    const reply = await edge.send(view());
    refusal(reply, 500, 'internal_error');
    expect(JSON.stringify(reply.json)).not.toContain('hunter2');
    expect(edge.unexpected).toEqual([expect.objectContaining({ where: 'POST /v1/events' })]);
    expect(edge.facts.told.requestFailed).toMatchObject([{ requestId: reply.json.error.request_id }]);
  });
});
