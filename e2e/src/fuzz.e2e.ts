import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import type { IngestAnswer } from '@productgraph/contracts';
import { fuzzBodies, seededRandom, type FuzzBody } from '@productgraph/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphqlClient } from './support/graphql.ts';
import { newProject } from './support/project.ts';
import { cutOff, slowLoris } from './support/raw-senders.ts';
import { quiescence } from './support/settled.ts';
import { startStarter, temporaryFolder, type ProjectKeys, type Starter } from './support/starter.ts';

/*
 * Generated and mutated bodies against the real port (docs: G7). Overridable: FUZZ_BODIES=1000000 FUZZ_SEED=7 npm run test:e2e
 */

const BODIES = Number(process.env.FUZZ_BODIES ?? 100_000);
const SEED = Number(process.env.FUZZ_SEED ?? 20_260_914);
const CONNECTIONS = 128;
const RSS_LIMIT_MB = 600;

interface Tally {
  readonly statuses: Map<number, number>;
  readonly faults: string[];
  accepted: number;
  rejected: number;
}

/** 429 is not among them: the project has no quota. 503 is no fault of a body either, but nothing here should bring it about. */
const DOCUMENTED = new Set([202, 400, 413, 415]);

function judge(tally: Tally, body: FuzzBody, { status, text }: { status: number; text: string }): void {
  tally.statuses.set(status, (tally.statuses.get(status) ?? 0) + 1);
  const fail = (what: string): void =>
    void tally.faults.push(`${what}: ${body.kind} ${text.slice(0, 200)} ${body.bytes.toString('latin1', 0, 200)}`);
  if (!DOCUMENTED.has(status)) fail(`status ${status}`);
  if (status !== 202) {
    if (body.good.length > 0) fail(`status ${status} although there are good events`);
    return;
  }
  const { accepted, rejected, errors } = JSON.parse(text) as IngestAnswer;
  tally.accepted += accepted;
  tally.rejected += rejected;
  if (accepted < body.good.length) fail('a good event was lost');
  if (errors.length !== rejected) fail('not every refused event is named');
}

const residentMb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

describe(`${BODIES} bodies, seed ${SEED}`, () => {
  const folder = temporaryFolder();
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  let starter: Starter;
  let keys: ProjectKeys;
  let others: ProjectKeys;

  beforeAll(async () => {
    starter = await startStarter({ DATA_DIR: folder.path, DEMO: '0', LOG_LEVEL: 'warn' });
    keys = await newProject(starter, 'fuzz');
    others = await newProject(starter, 'raw sockets');
  });

  afterAll(async () => {
    agent.destroy();
    await starter.stop();
    folder.remove();
  });

  function send({ bytes, contentType, encoding }: FuzzBody): Promise<{ status: number; text: string }> {
    const headers = {
      'x-pg-api-key': keys.write,
      'content-length': bytes.length,
      ...(contentType !== undefined && { 'content-type': contentType }),
      ...(encoding !== undefined && { 'content-encoding': encoding }),
    };
    return new Promise((resolve, reject) => {
      const sending = request(`${starter.url}/v1/events`, { method: 'POST', agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
        );
      });
      sending.on('error', reject).end(bytes);
    });
  }

  /** Fuzz bodies over all connections as fast as they go. */
  async function sendAll(): Promise<Tally> {
    const tally: Tally = { statuses: new Map(), faults: [], accepted: 0, rejected: 0 };
    const next = fuzzBodies({ seed: SEED, prefix: `run-${process.pid}`, now: Date.now(), bombEvery: 1_000 });
    let left = BODIES;
    const connection = async (): Promise<void> => {
      while (left-- > 0) {
        const body = next();
        judge(tally, body, await send(body));
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, connection));
    return tally;
  }

  /** The greatest resident size while `work` runs, MB. */
  async function watched<T>(work: Promise<T>): Promise<{ result: T; peakMb: number }> {
    let peakMb = residentMb(starter.pid);
    const timer = setInterval(() => (peakMb = Math.max(peakMb, residentMb(starter.pid))), 200);
    const result = await work.finally(() => clearInterval(timer));
    return { result, peakMb };
  }

  it(
    'get no 5xx, lose no good neighbour, leave memory bounded, and the ledger adds up',
    { timeout: 600_000 + BODIES * 10 },
    async () => {
      const began = Date.now();
      const slow = slowLoris(starter.url, others.write, 100);
      const { result: tally, peakMb } = await watched(sendAll());
      const seconds = (Date.now() - began) / 1000;
      console.log(
        `${BODIES} bodies in ${seconds.toFixed(1)} s, at most ${peakMb.toFixed(0)} MB, ${tally.accepted} accepted, ${tally.rejected} rejected,`,
        Object.fromEntries(tally.statuses),
      );
      slow.stop();
      expect(tally.faults.slice(0, 10)).toEqual([]);
      expect([slow.connected(), slow.answers()]).toEqual([100, []]);
      expect(peakMb).toBeLessThan(RSS_LIMIT_MB);
      expect(tally.accepted).toBeGreaterThan(BODIES / 2);
      expect(tally.rejected).toBeGreaterThan(BODIES / 2);
      for (const status of DOCUMENTED) expect([status, tally.statuses.has(status)]).toEqual([status, true]);
      const total = await quiescence(graphqlClient(starter.url, keys.token), 120_000 + BODIES);
      expect(total).toMatchObject({
        received: tally.accepted + tally.rejected,
        accepted: tally.accepted,
        rejected: tally.rejected,
      });
      expect(total.stored + total.duplicate + total.quarantinedLater).toBe(tally.accepted);
      expect(starter.output()).not.toMatch(/"level":"(?:error|fatal)"/);
    },
  );

  it('requests that are cut off or badly framed leave nothing behind', async () => {
    const random = seededRandom(SEED);
    const answers = await Promise.all(Array.from({ length: 300 }, () => cutOff(starter.url, others.write, random)));
    expect(answers.filter((answer) => /^HTTP\/1.1 (?:2|5)/.test(answer)).slice(0, 5)).toEqual([]);
    expect(answers.filter((answer) => /^HTTP\/1.1 4\d\d /.test(answer)).length).toBeGreaterThan(100);
    const response = await fetch(`${starter.url}/v1/events`, {
      method: 'POST',
      headers: { 'x-pg-api-key': others.write },
      body: '{"event.type":"page.view","user.id":"after"}',
    });
    expect(response.status).toBe(202);
    const total = await quiescence(graphqlClient(starter.url, others.token));
    expect(total.accepted).toBe(1);
  });
});
