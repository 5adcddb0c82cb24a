import { nativeEventSchema, type StoredEvent } from '@productgraph/contracts';
import { storedEvent } from '@productgraph/testing';
import { describe, expect, it } from 'vitest';
import { received, unaccounted } from './ledger.ts';
import { firstMinuteOf, ledgerDay, pruneLedgerBefore } from './limits.ts';
import { MAX_PAYLOAD_BYTES, nativeTextOf, refusedEvent } from './refusal.ts';
import { emptyLedgerRow, ledgerMinute, LedgerTally, quarantineCounter } from './tally.ts';

const AT = Date.UTC(2026, 8, 3, 4, 5, 6, 7);

describe('rows', () => {
  it('add up: what was received, and what is nowhere', () => {
    const row = {
      ...emptyLedgerRow('p', 1),
      accepted: 20,
      stored: 10,
      duplicate: 4,
      rejected: 3,
      quarantinedLater: 2,
      erased: 1,
    };
    expect(received(row)).toBe(23);
    expect(unaccounted(row)).toBe(3);
  });

  it.each([
    ['ingest', 'rejected'],
    ['import', 'rejected'],
    ['decode', 'quarantinedLater'],
    ['store', 'quarantinedLater'],
  ] as const)('count quarantine of stage %s as %s', (stage, counter) => {
    expect(quarantineCounter(stage)).toBe(counter);
  });
});

describe('tally', () => {
  it('sums per project and minute, sorted', () => {
    const tally = new LedgerTally();
    tally.addCounts({ b: { '7': 2 }, a: { '10': 3, '9': 1 } }, 'accepted');
    tally.add({ projectId: 'a', minute: 9, counter: 'stored', n: 1 });
    tally.add({ projectId: 'a', minute: 9, counter: 'stored', n: 1 });
    expect(tally.rows()).toEqual([
      { ...emptyLedgerRow('a', 9), accepted: 1, stored: 2 },
      { ...emptyLedgerRow('a', 10), accepted: 3 },
      { ...emptyLedgerRow('b', 7), accepted: 2 },
    ]);
  });

  it('takes any text for a project id', () => {
    const tally = new LedgerTally();
    const counts = JSON.parse('{"__proto__":{"1":2},"constructor":{"1":1}}') as Record<string, Record<string, number>>;
    tally.addCounts(counts, 'accepted');
    expect(tally.rows().map(({ projectId, accepted }) => [projectId, accepted])).toEqual([['__proto__', 2], ['constructor', 1]]); // prettier-ignore
  });
});

describe('time', () => {
  it('is cut in minutes and days of Unix time', () => {
    expect(ledgerMinute(60_000)).toBe(1);
    expect(ledgerMinute(59_999)).toBe(0);
    expect(ledgerDay(1_439)).toBe(0);
    expect(ledgerDay(1_440)).toBe(1);
    expect(firstMinuteOf(2)).toBe(2_880);
  });

  it('keeps at least 7 whole days of minutes', () => {
    expect(pruneLedgerBefore(AT) * 60_000).toBe(Date.UTC(2026, 7, 27));
  });
});

describe('refused events', () => {
  const exact = '{"n":9007199254740993,"z":-0}';
  const full: StoredEvent = {
    ...storedEvent({ timestamp: AT, name: 'x' }),
    properties: exact,
    uiStateBefore: '1e400',
    apiStatus: 200,
  };

  it('go out as the native wire takes them, objects exact', () => {
    const text = nativeTextOf(full);
    expect(text).toContain(`"properties":${exact}`);
    expect(text).toContain('"ui.state.before":1e400');
    expect(nativeEventSchema.parse(JSON.parse(text))).toMatchObject({
      event_id: full.eventId,
      'event.type': 'page.view',
      'event.timestamp': AT,
      'user.id': 'ann',
      'api.status': 200,
    });
    expect(text).not.toContain('null');
  });

  it('have an id made from their place, and sort by time of receipt', () => {
    const refusal = { code: 'store_refused', message: 'no' } as const;
    const at = { partition: 1, offset: 2 };
    const entry = refusedEvent(full, at, refusal);
    expect(refusedEvent({ ...full }, at, refusal)).toEqual(entry);
    expect(refusedEvent(full, { ...at, offset: 3 }, refusal).id).not.toBe(entry.id);
    expect(refusedEvent({ ...full, receivedAt: AT + 1 }, at, refusal).id > entry.id).toBe(true);
    expect(refusedEvent({ ...full, receivedAt: Number.NaN }, at, refusal).id).toMatch(/^00000000-0000-7/);
  });

  it('have their payload cut between characters', () => {
    const entry = refusedEvent(
      { ...full, properties: `{"t":"${'é'.repeat(60_000)}"}` },
      { partition: 0, offset: 0 },
      { code: 'store_refused', message: '' },
    );
    const bytes = Buffer.byteLength(entry.payload);
    expect(bytes).toBeLessThanOrEqual(MAX_PAYLOAD_BYTES);
    expect(bytes).toBeGreaterThan(MAX_PAYLOAD_BYTES - 3);
    expect(entry.payload.endsWith('é')).toBe(true);
  });
});
