// @ts-check
import { become, bootstrap, build } from './bootstrap.mjs';

// npm start: everything a bare machine needs, then the Starter. Arguments are the app's.
bootstrap();
await build(['starter']);
await become('starter', process.argv.slice(2));
