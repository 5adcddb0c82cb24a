import { explainServerFault } from '@productgraph/assembly-servers';
import { runProcess } from '@productgraph/platform-runtime';
import { loadSessionProcessorConfig, usage } from './config.ts';
import { sessionProcessorFlow } from './flow.ts';

await runProcess({
  usage,
  load: loadSessionProcessorConfig,
  build: (config, warnings) => sessionProcessorFlow(config, warnings),
  explain: explainServerFault,
});
