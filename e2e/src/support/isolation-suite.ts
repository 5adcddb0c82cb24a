import { beforeAll, describe, expect, it } from 'vitest';
import { graphqlClient, GraphqlFault, type GraphqlClient } from './graphql.ts';
import { cliJson, newProject } from './project.ts';
import { quiescence } from './settled.ts';
import type { ProjectKeys } from './starter.ts';

/** A running tier: where events go, where questions go, and the environment of its command line. */
export interface TierPlace {
  readonly ingest: string;
  readonly graphql: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Every question with a project id of one's own choosing; `$p` is the other tenant's. */
const QUESTIONS: Readonly<Record<string, string>> = {
  trend: 'query ($p: ID!) { trend(input: { projectId: $p, includeBots: true }) { lines { total } } }',
  funnel:
    'query ($p: ID!) { funnel(input: { projectId: $p, steps: [{ event: {} }, { event: {} }] }) { groups { steps { count } } } }',
  funnelUsers:
    'query ($p: ID!) { funnelUsers(funnel: { projectId: $p, steps: [{ event: {} }, { event: {} }] }, step: 0) { users { userKey } } }',
  retention: 'query ($p: ID!) { retention(input: { projectId: $p }) { cohorts { size } } }',
  events: 'query ($p: ID!) { events(input: { projectId: $p }) { edges { node { eventId } } } }',
  event: 'query ($p: ID!) { event(projectId: $p, id: "secret-event") { place } }',
  users: 'query ($p: ID!) { users(input: { projectId: $p }) { edges { node { userKey } } } }',
  user: 'query ($p: ID!) { user(input: { projectId: $p, userKey: "u:victim" }) { userKey } }',
  sessions: 'query ($p: ID!) { sessions(input: { projectId: $p }) { edges { node { sessionId } } } }',
  sessionMetrics: 'query ($p: ID!) { sessionMetrics(input: { projectId: $p }) { total { sessions } } }',
  catalogue: 'query ($p: ID!) { catalogue(input: { projectId: $p, of: eventNames }) { items { value } } }',
  quarantine: 'query ($p: ID!) { quarantine(projectId: $p) { edges { node { id } } } }',
  ledger: 'query ($p: ID!) { ledger(projectId: $p) { total { accepted } } }',
  project: 'query ($p: ID!) { project(id: $p) { name } }',
  keys: 'query ($p: ID!) { keys(projectId: $p) { id } }',
  updateProject: 'mutation ($p: ID!) { updateProject(id: $p, input: { name: "taken" }) { id } }',
  createKey: 'mutation ($p: ID!) { createKey(input: { projectId: $p, kind: pgw, name: "mine" }) { secret } }',
  replayQuarantine: 'mutation ($p: ID!) { replayQuarantine(projectId: $p, ids: ["x"]) { accepted } }',
};

/** Two tenants on one deployment: neither reads, changes or learns anything of the other. `place` is asked once the tier runs. */
export function isolationSuite(place: () => TierPlace): void {
  describe('two tenants', () => {
    let tier: TierPlace;
    let victim: ProjectKeys;
    let attacker: ProjectKeys;
    let asVictim: GraphqlClient;
    let asAttacker: GraphqlClient;
    let asNeighbour: GraphqlClient;

    beforeAll(async () => {
      tier = place();
      victim = await newProject(tier, 'victim');
      attacker = await newProject(tier, 'attacker', 'Another organisation');
      const neighbour = await newProject(tier, 'neighbour');
      asVictim = graphqlClient(tier.graphql, victim.token);
      asAttacker = graphqlClient(tier.graphql, attacker.token);
      asNeighbour = graphqlClient(tier.graphql, neighbour.token);
      const body = JSON.stringify({
        event_id: 'secret-event',
        'event.type': 'page.view',
        'user.id': 'victim',
        'page.path': '/secret',
      });
      const response = await fetch(`${tier.ingest}/v1/events`, {
        method: 'POST',
        headers: { 'x-pg-api-key': victim.write },
        body,
      });
      expect(response.status).toBe(202);
      await quiescence(asVictim);
    });

    it('the owner sees the event (so the suite tests something)', async () => {
      const { event } = await asVictim.ask<{ event: { place: string } }>(QUESTIONS.event ?? '', {
        p: victim.projectId,
      });
      expect(event.place).toBe('stored');
    });

    it.each(Object.keys(QUESTIONS))(
      '%s of another organisation or project is as if it were not there',
      async (name) => {
        for (const client of [asAttacker, asNeighbour]) {
          const fault: unknown = await client
            .ask(QUESTIONS[name] ?? '', { p: victim.projectId })
            .catch((error: unknown) => error);
          expect(fault).toBeInstanceOf(GraphqlFault);
          expect((fault as GraphqlFault).codes).toEqual(['not_found']);
        }
      },
    );

    it('one that does not exist answers the same: nothing is to be learned', async () => {
      const fault: unknown = await asAttacker
        .ask(QUESTIONS.trend ?? '', { p: '01900000-0000-7000-8000-00000000dead' })
        .catch((error: unknown) => error);
      expect((fault as GraphqlFault).codes).toEqual(['not_found']);
    });

    it('the own project holds nothing of the others', async () => {
      const { events } = await asAttacker.ask<{ events: { edges: unknown[] } }>(QUESTIONS.events ?? '', {
        p: attacker.projectId,
      });
      expect(events.edges).toEqual([]);
      const { event } = await asAttacker.ask<{ event: { place: string } }>(QUESTIONS.event ?? '', {
        p: attacker.projectId,
      });
      expect(event.place).toBe('unknown');
    });

    it.each([
      { key: 'write', what: 'a write key asks nothing' },
      { key: 'secret', what: 'nor does a secret key' },
    ] as const)('$what', async ({ key }) => {
      const fault: unknown = await graphqlClient(tier.graphql, attacker[key])
        .ask('{ me { role } }')
        .catch((error: unknown) => error);
      expect((fault as GraphqlFault).codes[0]).toMatch(/forbidden|invalid_key/);
    });

    it('a token sends nothing', async () => {
      const response = await fetch(`${tier.ingest}/v1/events`, {
        method: 'POST',
        headers: { 'x-pg-api-key': attacker.token },
        body: '{"event.type":"page.view","user.id":"x"}',
      });
      expect(response.status).toBe(403);
    });

    it('a revoked key is refused within 20 seconds', async () => {
      const made = await cliJson<{ id: string; key: string }>(tier, [
        'keys',
        'create',
        'write',
        '--project',
        attacker.projectId,
      ]);
      const send = async (): Promise<number> => {
        const response = await fetch(`${tier.ingest}/v1/events`, {
          method: 'POST',
          headers: { 'x-pg-api-key': made.key },
          body: '{"event.type":"page.view","user.id":"x"}',
        });
        await response.arrayBuffer();
        return response.status;
      };
      expect(await send()).toBe(202);
      await cliJson(tier, ['keys', 'revoke', made.id]);
      await expect.poll(send, { timeout: 20_000, interval: 500 }).toBe(401);
    });
  });
}
