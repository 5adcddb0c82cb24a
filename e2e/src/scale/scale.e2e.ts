import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphqlClient, type GraphqlClient } from '../support/graphql.ts';
import { isolationSuite } from '../support/isolation-suite.ts';
import { cliJson } from '../support/project.ts';
import { comparable, SAMPLE_QUESTIONS } from '../support/sample-questions.ts';
import { newScaleProject, startScale, type ScaleTier } from '../support/scale.ts';
import { quiescence } from '../support/settled.ts';
import { startStarter, temporaryFolder, waitFor, type Starter } from '../support/starter.ts';

const LOG = fileURLToPath(new URL('../../../apps/starter/assets/apache_access.log.gz', import.meta.url));
const EVENTS = 9_999;

describe('Scale', () => {
  let tier: ScaleTier;
  beforeAll(async () => void (tier = await startScale('scale')));
  afterAll(() => tier.stop());

  isolationSuite(() => ({ ingest: tier.ingestion[0] ?? '', graphql: tier.graphql, env: tier.env }));
  answersSuite(() => tier);
});

/** The sample, imported here and there; every question has the same answer, field by field. */
function answersSuite(scale: () => ScaleTier): void {
  describe('answers of the Starter', () => {
    const folder = temporaryFolder();
    let starter: Starter;
    let clients: { starter: GraphqlClient; scale: GraphqlClient };

    beforeAll(async () => {
      const tier = scale();
      starter = await startStarter({ DATA_DIR: folder.path });
      const project = await newScaleProject(tier, 'Sample');
      const [url = ''] = tier.ingestion;
      const args = ['import', 'access-log', LOG, '--key', project.secret, '--url', url];
      expect(await cliJson<unknown>(tier, args)).toMatchObject({ lines: 10_000 });
      const token = /pgt_[0-9A-Za-z]{38}/.exec(starter.output())?.[0] ?? '';
      clients = { starter: graphqlClient(starter.url, token), scale: project.client };
      for (const client of Object.values(clients)) {
        await waitFor(async () => (await quiescence(client)).stored === EVENTS, 90_000, 'the sample is in');
      }
      // Until they close, sessions are told of every 15 s at most.
      const waitingFor = SAMPLE_QUESTIONS['sessions: metrics by hour in Tokyo'] ?? '';
      await waitFor(
        async () => {
          const answers = await Promise.all([clients.starter.ask(waitingFor), clients.scale.ask(waitingFor)]);
          return isDeepStrictEqual(...answers);
        },
        120_000,
        'all sessions are in',
      );
    });

    afterAll(async () => {
      await starter.stop();
      folder.remove();
    });

    it.each(Object.entries(SAMPLE_QUESTIONS))('%s', async (_name, question) => {
      const [here, there] = await Promise.all([clients.starter.ask(question), clients.scale.ask(question)]);
      expect(comparable(there)).toEqual(comparable(here));
      // An answer of nothing would agree with everything.
      expect(JSON.stringify(here).length).toBeGreaterThan(80);
    });
  });
}
