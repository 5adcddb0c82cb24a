// @ts-check
import { become, bootstrap, build } from './bootstrap.mjs';

// npm run productgraph -- <command>
bootstrap();
build(['cli']);
become('cli', process.argv.slice(2));
