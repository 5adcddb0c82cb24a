import { runProcess } from '@productgraph/platform-runtime';
import { loadStarterConfig, usage } from './config.ts';
import { explainStarterFault } from './explain.ts';
import { starterFlow } from './flow.ts';

await runProcess({
  usage,
  load: loadStarterConfig,
  build: (config, warnings) => starterFlow(config, warnings),
  explain: explainStarterFault,
});
