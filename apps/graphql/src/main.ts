import { explainServerFault } from '@productgraph/assembly-servers';
import { runProcess } from '@productgraph/platform-runtime';
import { loadGraphqlConfig, usage } from './config.ts';
import { graphqlFlow } from './flow.ts';

await runProcess({
  usage,
  load: loadGraphqlConfig,
  build: (config, warnings) => graphqlFlow(config, warnings),
  explain: explainServerFault,
});
