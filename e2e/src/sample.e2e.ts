import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dayIn, firstTimeRetention, funnel, pageViewsPerDay, readLog, sessions } from './support/access-log-oracle.ts';
import { graphqlClient, type GraphqlClient } from './support/graphql.ts';
import { cliJson } from './support/project.ts';
import { quiescence } from './support/settled.ts';
import { startStarter, temporaryFolder, waitFor, type Starter } from './support/starter.ts';

const LOG = fileURLToPath(new URL('../../apps/starter/assets/apache_access.log.gz', import.meta.url));
const README = fileURLToPath(new URL('../../README.md', import.meta.url));
const RANGE = '2015-05-17T00:00:00Z/2015-05-22T00:00:00Z';
const FUNNEL_PAGES = ['/', '/projects/xdotool/', '/projects/xdotool/xdotool.xhtml'];
const DAY = 86_400_000;

/** A block of README.md by its first comment, as a person would paste it into a shell. */
function readmeCommand(name: string): string {
  const block = new RegExp(`\`\`\`bash\\n# ${name}\\n([^]*?)\`\`\``).exec(readFileSync(README, 'utf8'))?.[1];
  if (block === undefined) throw new Error(`README.md has no command "${name}"`);
  return block;
}

describe('the first start, as a newcomer meets it', () => {
  const folder = temporaryFolder();
  const log = readLog(LOG);
  let starter: Starter;
  let client: GraphqlClient;
  let keys: { write: string; secret: string; token: string };

  beforeAll(async () => {
    starter = await startStarter({ DATA_DIR: folder.path });
    const printed = (kind: string): string => new RegExp(`${kind}_[0-9A-Za-z]{38}`).exec(starter.output())?.[0] ?? '';
    keys = { write: printed('pgw'), secret: printed('pgs'), token: printed('pgt') };
    client = graphqlClient(starter.url, keys.token);
    await waitFor(async () => (await quiescence(client)).stored === log.events.length, 90_000, 'the sample is in');
  });

  afterAll(async () => {
    await starter.stop();
    folder.remove();
  });

  it('prints URL and keys', () => {
    expect(starter.output()).toContain(starter.url.replace('127.0.0.1', 'localhost').split(':').at(-1));
    expect(Object.values(keys).every((key) => key !== '')).toBe(true);
  });

  it('has the sample in: 9,999 events, 1 line in quarantine', async () => {
    expect({ lines: log.lines, unreadable: log.unreadable }).toEqual({ lines: 10_000, unreadable: 1 });
    const { quarantine } = await client.ask<{ quarantine: { counts: { code: string; count: number }[] } }>(
      '{ quarantine { counts { code count } } }',
    );
    expect(quarantine.counts).toEqual([{ code: 'unreadable_line', count: 1 }]);
  });

  it('counts events, users and sessions as a dozen lines of script do', async () => {
    const answer = await client.ask<{
      trend: { lines: { label: string; total: number }[] };
      sessionMetrics: { total: { sessions: number } };
    }>(`{
      trend(input: { range: "${RANGE}", includeBots: true, series: [{ label: "A" }, { label: "B", measure: uniqueUsers }, { label: "C", measure: sessions }] }) {
        lines { label total } }
      sessionMetrics(input: { range: "${RANGE}", includeBots: true }) { total { sessions } } }`);
    expect(Object.fromEntries(answer.trend.lines.map(({ label, total }) => [label, total]))).toEqual({
      A: log.events.length,
      B: log.byUser.size,
      C: sessions(log),
    });
    expect(answer.sessionMetrics.total.sessions).toBe(sessions(log));
  });

  it.each(['UTC', 'America/New_York'])('counts page views per day in %s', async (timeZone) => {
    const { trend } = await client.ask<{ trend: { buckets: string[]; lines: { values: number[] }[] } }>(`{
      trend(input: { range: "${RANGE}", timeZone: "${timeZone}", includeBots: true, series: [{ event: { type: "page.view" } }] }) {
        buckets lines { values } } }`);
    const counted = trend.buckets.map(
      (bucket, at) => [dayIn(timeZone, Date.parse(bucket)), trend.lines[0]?.values[at]] as const,
    );
    expect(Object.fromEntries(counted.filter(([, n]) => n !== 0))).toEqual(pageViewsPerDay(log, timeZone));
  });

  it('answers a funnel', async () => {
    const steps = FUNNEL_PAGES.map(
      (page) => `{ name: "${page}", event: { type: "page.view", filter: { field: "page.path", value: "${page}" } } }`,
    ).join(' ');
    const answer = await client.ask<{ funnel: { groups: { steps: { count: number }[] }[] } }>(`{
      funnel(input: { range: "${RANGE}", includeBots: true, window: { days: 1 }, steps: [${steps}] }) { groups { steps { count } } } }`);
    expect(answer.funnel.groups[0]?.steps.map(({ count }) => count)).toEqual(funnel(log, FUNNEL_PAGES, DAY));
  });

  it('answers first-time daily retention', async () => {
    const { retention } = await client.ask<{
      retention: { cohorts: { start: string; size: number; returned: (number | null)[] }[] };
    }>(`{
      retention(input: { range: "${RANGE}", includeBots: true, interval: day, periods: 4, start: { type: "page.view" }, return: { type: "page.view" } }) {
        cohorts { start size returned } } }`);
    const cohorts = retention.cohorts.filter(({ size }) => size > 0);
    const answered = cohorts.map(({ start, returned }) => [
      start.slice(0, 10),
      Object.fromEntries(returned.flatMap((n, age) => (n === null || n === 0 ? [] : [[String(age), n] as const]))),
    ]);
    expect(Object.fromEntries(answered)).toEqual(firstTimeRetention(log, 'UTC'));
    expect(cohorts.every(({ size, returned }) => size === returned[0])).toBe(true);
  });

  it('importing the sample again adds nothing', async () => {
    const before = await quiescence(client);
    const summary = await cliJson<unknown>(starter, [
      'import',
      'access-log',
      LOG,
      '--key',
      keys.secret,
      '--url',
      starter.url,
    ]);
    expect(summary).toMatchObject({ lines: 10_000 });
    const after = await quiescence(client);
    expect(after.stored).toBe(before.stored);
    expect(after.duplicate - before.duplicate).toBe(log.events.length);
  });

  it("takes README's first event and shows it within 2 seconds", async () => {
    const shell = (command: string): string => {
      const script = command.replaceAll('http://localhost:8080', starter.url);
      const env = { PATH: process.env.PATH, WRITE_KEY: keys.write, API_TOKEN: keys.token };
      const { stdout, stderr, status } = spawnSync('bash', ['-c', script], { env, encoding: 'utf8' });
      if (status !== 0) throw new Error(stderr);
      return stdout;
    };
    expect(JSON.parse(shell(readmeCommand('first-event')))).toEqual({ accepted: 1, rejected: 0, errors: [] });
    await expect
      .poll(() => shell(readmeCommand('first-question')), { timeout: 2000, interval: 100 })
      .toContain('"eventId":"hello-1"');
  });

  it("answers each of README's questions as it stands there", async () => {
    const questions = [...readFileSync(README, 'utf8').matchAll(/```graphql\n([^]*?)```/g)].map(
      ([, text = '']) => text,
    );
    expect(questions).toHaveLength(4);
    const [trend, funnel, , lost] = await Promise.all(
      questions.map((text) => client.ask<Record<string, object>>(text)),
    );
    expect(trend).toMatchObject({ trend: { buckets: { length: 4 } } });
    expect(funnel).toMatchObject({ funnel: { groups: [{ steps: [{ name: 'home' }, { name: 'project' }] }] } });
    expect(lost).toMatchObject({ event: { place: 'stored' }, quarantine: { counts: [{ code: 'unreadable_line' }] } });
  });

  it('leads a browser from the bare address to the explorer', async () => {
    const asked = await fetch(starter.url, { headers: { accept: 'text/html' } });
    expect([asked.url, asked.headers.get('content-type')]).toEqual([
      `${starter.url}/graphql`,
      'text/html; charset=utf-8',
    ]);
    expect(await (await fetch(starter.url)).json()).toMatchObject({ graphql: '/graphql' });
  });

  it('starts a second time with its data and says how to make new keys', async () => {
    const env = starter.env;
    expect(await starter.stop()).toBe(0);
    starter = await startStarter(env);
    expect(starter.output()).not.toContain(keys.token);
    expect(starter.output()).toContain('keys create');
    const { trend } = await client.ask<{ trend: { lines: { total: number }[] } }>(
      `{ trend(input: { range: "${RANGE}", includeBots: true }) { lines { total } } }`,
    );
    expect(trend.lines[0]?.total).toBe(log.events.length);
  });
});
