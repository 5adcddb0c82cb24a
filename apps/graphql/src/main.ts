import { explainServerFault } from '@productgraph/assembly-servers';
import { runProcess } from '@productgraph/platform-runtime';
import { graphqlSettings } from './config.ts';
import { graphqlFlow } from './flow.ts';

await runProcess({
  ...graphqlSettings,
  build: graphqlFlow,
  explain: explainServerFault,
});
