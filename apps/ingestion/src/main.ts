import { runProcess } from '@productgraph/platform-runtime';
import { explainServerFault } from '@productgraph/assembly-servers';
import { ingestionSettings } from './config.ts';
import { ingestionFlow } from './flow.ts';

await runProcess({
  ...ingestionSettings,
  build: ingestionFlow,
  explain: explainServerFault,
});
