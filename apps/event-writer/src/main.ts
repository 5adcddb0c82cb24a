import { explainServerFault } from '@productgraph/assembly-servers';
import { runProcess } from '@productgraph/platform-runtime';
import { loadEventWriterConfig, usage } from './config.ts';
import { eventWriterFlow } from './flow.ts';

await runProcess({
  usage,
  load: loadEventWriterConfig,
  build: (config, warnings) => eventWriterFlow(config, warnings),
  explain: explainServerFault,
});
