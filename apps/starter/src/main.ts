import { runProcess } from '@productgraph/platform-runtime';
import { starterSettings } from './config.ts';
import { explainStarterFault } from './explain.ts';
import { starterFlow } from './flow.ts';

await runProcess({
  ...starterSettings,
  build: starterFlow,
  explain: explainStarterFault,
});
