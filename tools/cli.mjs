// @ts-check
import { become, bootstrap, build } from './bootstrap.mjs';

// npm run productgraph -- <command>
bootstrap();
await build(['cli']);
await become('cli', process.argv.slice(2));
