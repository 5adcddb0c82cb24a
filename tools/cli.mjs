// @ts-check
import { become, bootstrap, build } from './bootstrap.mjs';

// npm run productgraph -- <command>
bootstrap();
// `start` runs the Starter from its own build.
await build(process.argv.includes('start') ? ['cli', 'starter'] : ['cli']);
await become('cli', process.argv.slice(2));
