import type { DeferredUser, SettlementProgress, SettlementRequest } from '@productgraph/domain-session';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** Progress of settlement under test. */
export interface SettlementProgressFixture {
  readonly progress: SettlementProgress;
  close(): Promise<void>;
}

const [PROJECT, OTHER] = ['01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000002'];
const HOUR = 3_600_000;
const START = 490_000 * HOUR;

const user = (userKey: string, at: number, span: readonly [number, number] = [START, START + 1]): DeferredUser => ({
  projectId: PROJECT,
  userKey,
  from: span[0],
  to: span[1],
  at,
});

/** The contract of {@link SettlementProgress}. */
export function settlementProgressSuite(name: string, open: () => Promise<SettlementProgressFixture>): void {
  describe(`settlement progress: ${name}`, () => {
    let fixture: SettlementProgressFixture;
    beforeEach(async () => void (fixture = await open()));
    afterEach(() => fixture.close());

    markCases(() => fixture.progress);
    deferredCases(() => fixture.progress);
    requestCases(() => fixture.progress);
  });
}

function markCases(progress: () => SettlementProgress): void {
  it('knows nothing at first', async () => {
    await progress().register(0);
    expect(await progress().settledThrough(0)).toBeNull();
    expect(await progress().settledThrough(1)).toBeNull();
    expect(await progress().settledUpTo(PROJECT)).toBeNull();
  });

  it('advances and never goes back', async () => {
    await progress().advance(0, { through: START, settledUpTo: START - 24 * HOUR });
    await progress().advance(0, { through: START - HOUR, settledUpTo: START - 25 * HOUR });
    expect(await progress().settledThrough(0)).toBe(START);
    expect(await progress().settledUpTo(PROJECT)).toBe(START - 24 * HOUR);
    await progress().advance(0, { through: START + HOUR, settledUpTo: START - 23 * HOUR });
    expect(await progress().settledThrough(0)).toBe(START + HOUR);
  });

  it('answers with the least mark of all known partitions', async () => {
    await progress().advance(0, { through: START, settledUpTo: START - HOUR });
    await progress().register(1);
    await progress().register(1);
    expect(await progress().settledUpTo(PROJECT)).toBeNull();
    await progress().advance(1, { through: START - HOUR, settledUpTo: START - 2 * HOUR });
    await progress().register(1);
    expect(await progress().settledUpTo(PROJECT)).toBe(START - 2 * HOUR);
    expect(await progress().settledThrough(1)).toBe(START - HOUR);
  });
}

function deferredCases(progress: () => SettlementProgress): void {
  const keys = async (partition: number, until: number): Promise<string[]> =>
    (await progress().deferred(partition, until)).map((deferred) => deferred.userKey).sort();

  it('gives back deferred users when their time has come', async () => {
    await progress().defer(0, []);
    await progress().defer(0, [user('u:a', START), user('u:b', START + 1)]);
    await progress().defer(1, [user('u:c', START)]);
    expect(await progress().deferred(0, START)).toEqual([user('u:a', START)]);
    expect(await keys(0, START + 1)).toEqual(['u:a', 'u:b']);
    expect(await keys(0, START - 1)).toEqual([]);
    expect(await keys(1, START)).toEqual(['u:c']);
  });

  it('widens the span and takes the later time when a user is deferred again', async () => {
    await progress().defer(0, [user('u:a', START + 5, [START, START + 10])]);
    await progress().defer(0, [user('u:a', START, [START + 5, START + 20])]);
    expect(await progress().deferred(0, START + 5)).toEqual([user('u:a', START + 5, [START, START + 20])]);
    expect(await progress().deferred(0, START + 4)).toEqual([]);
  });

  it('keeps a user that was deferred to a later time meanwhile', async () => {
    const [first, other] = [user('u:a', START), user('u:b', START)];
    await progress().defer(0, [first, other]);
    await progress().defer(0, [user('u:a', START + HOUR)]);
    await progress().undefer(0, [first, other]);
    expect(await keys(0, START + HOUR)).toEqual(['u:a']);
    await progress().undefer(0, []);
  });
}

function requestCases(progress: () => SettlementProgress): void {
  /** The one request that the partition has not done. */
  async function onlyRequest(partition: number): Promise<SettlementRequest> {
    const [request, ...others] = await progress().requests(partition);
    if (request === undefined || others.length > 0) throw new Error(`Expected one request, found ${others.length + 1}`);
    return request;
  }

  it('gives each partition every request once', async () => {
    await progress().register(0);
    await progress().register(1);
    await progress().request(PROJECT, START, START + HOUR);
    const request = await onlyRequest(0);
    expect(request).toMatchObject({ projectId: PROJECT, receivedFrom: START, receivedTo: START + HOUR });
    await progress().completeRequest(0, request);
    await progress().completeRequest(0, request);
    expect(await progress().requests(0)).toEqual([]);
    expect(await progress().requests(1)).toEqual([request]);
  });

  it('gives a request again that was repeated meanwhile', async () => {
    await progress().register(0);
    await progress().request(PROJECT, START, START + HOUR);
    const first = await onlyRequest(0);
    await progress().request(PROJECT, START, START + HOUR);
    await progress().completeRequest(0, first);
    const second = await onlyRequest(0);
    expect(second.asked).toBeGreaterThan(first.asked);
    await progress().completeRequest(0, second);
    expect(await progress().requests(0)).toEqual([]);
    await progress().request(PROJECT, START, START + HOUR);
    expect(await progress().requests(0)).toHaveLength(1);
  });

  it('forgets what every partition has done, and takes an old answer for no new one', async () => {
    for (const partition of [0, 1]) await progress().register(partition);
    await progress().request(PROJECT, START, START + HOUR);
    const request = await onlyRequest(0);
    for (const partition of [0, 1]) await progress().completeRequest(partition, request);
    // A partition that comes when nothing is asked for any more has nothing to do.
    await progress().register(2);
    expect(await progress().requests(2)).toEqual([]);
    await progress().completeRequest(0, request);
    await progress().request(PROJECT, START, START + HOUR);
    await progress().completeRequest(1, request);
    for (const partition of [0, 1, 2]) expect(await progress().requests(partition)).toHaveLength(1);
  });

  it('does not call a project settled while one of its requests is not done everywhere', async () => {
    for (const partition of [0, 1]) await progress().advance(partition, { through: START, settledUpTo: START });
    await progress().request(PROJECT, START - HOUR, START);
    const request = await onlyRequest(0);
    await progress().completeRequest(0, request);
    expect(await progress().settledUpTo(PROJECT)).toBeNull();
    expect(await progress().settledUpTo(OTHER)).toBe(START);
    await progress().completeRequest(1, request);
    expect(await progress().settledUpTo(PROJECT)).toBe(START);
  });

  it('lets a partition that comes later do what is asked for still', async () => {
    await progress().register(0);
    await progress().request(PROJECT, START, START + HOUR);
    await progress().register(1);
    const request = await onlyRequest(0);
    await progress().completeRequest(0, request);
    expect(await progress().requests(1)).toHaveLength(1);
  });
}
