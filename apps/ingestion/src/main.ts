import { runProcess } from '@productgraph/platform-runtime';
import { explainServerFault } from '@productgraph/assembly-servers';
import { loadIngestionConfig, usage } from './config.ts';
import { ingestionFlow } from './flow.ts';

await runProcess({
  usage,
  load: loadIngestionConfig,
  build: (config, warnings) => ingestionFlow(config, warnings),
  explain: explainServerFault,
});
