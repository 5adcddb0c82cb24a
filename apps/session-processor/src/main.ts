import { explainServerFault } from '@productgraph/assembly-servers';
import { runProcess } from '@productgraph/platform-runtime';
import { sessionProcessorSettings } from './config.ts';
import { sessionProcessorFlow } from './flow.ts';

await runProcess({
  ...sessionProcessorSettings,
  build: sessionProcessorFlow,
  explain: explainServerFault,
});
