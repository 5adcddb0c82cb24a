import { afterAll, beforeAll, describe } from 'vitest';
import { isolationSuite } from './support/isolation-suite.ts';
import { startStarter, temporaryFolder, type Starter } from './support/starter.ts';

describe('Starter', () => {
  const folder = temporaryFolder();
  let starter: Starter;
  beforeAll(async () => void (starter = await startStarter({ DATA_DIR: folder.path, DEMO: '0', LOG_LEVEL: 'warn' })));
  afterAll(async () => {
    await starter.stop();
    folder.remove();
  });

  isolationSuite(() => ({ ingest: starter.url, graphql: starter.url, env: starter.env }));
});
