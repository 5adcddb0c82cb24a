import { explainServerFault } from '@productgraph/assembly-servers';
import { runProcess } from '@productgraph/platform-runtime';
import { eventWriterSettings } from './config.ts';
import { eventWriterFlow } from './flow.ts';

await runProcess({
  ...eventWriterSettings,
  build: eventWriterFlow,
  explain: explainServerFault,
});
