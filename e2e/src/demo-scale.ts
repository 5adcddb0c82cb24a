import { fileURLToPath } from 'node:url';
import { cliJson } from './support/project.ts';
import { SAMPLE_QUESTIONS } from './support/sample-questions.ts';
import { newScaleProject, startScale } from './support/scale.ts';
import { quiescence } from './support/settled.ts';
import { waitFor } from './support/starter.ts';

/*
 * `npm run demo:scale`: the whole Scale tier on this machine, the sample log through HTTP, Kafka and ClickHouse, and the answer to every
 * question; then everything is taken down. scale/answers.e2e.ts holds the same answers against the Starter's.
 */

const LOG = fileURLToPath(new URL('../../apps/starter/assets/apache_access.log.gz', import.meta.url));
const EVENTS = 9_999;
/** Longer answers are cut: they are lists. */
const WIDTH = 400;

const tier = await startScale('demo', (text) => console.error(text));
try {
  const { secret, client } = await newScaleProject(tier, 'Sample');
  const [url = ''] = tier.ingestion;
  console.error('Importing the sample log…');
  const summary = await cliJson<object>(tier, ['import', 'access-log', LOG, '--key', secret, '--url', url]);
  console.log(JSON.stringify(summary));
  await waitFor(async () => (await quiescence(client)).stored === EVENTS, 120_000, 'the sample is stored');
  for (const [name, question] of Object.entries(SAMPLE_QUESTIONS)) {
    const answer = JSON.stringify(await client.ask(question));
    console.log(`\n${name}\n  ${answer.length > WIDTH ? `${answer.slice(0, WIDTH)}…` : answer}`);
  }
} finally {
  await tier.stop();
}
