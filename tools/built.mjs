// @ts-check
import { join } from 'node:path';
import { bootstrap, node, root, run } from './bootstrap.mjs';

// npm run demo:scale, npm run prove -- …: programs of e2e/ over the built product
const [program = '', ...args] = process.argv.slice(2);
bootstrap();
// kafkajs 2.2 asks for negative time-outs, at which Node 24 warns.
const flags = ['--disable-warning=TimeoutNegativeWarning'];
const built = await run(node, [join(root, 'tools/src/build.ts'), 'cli']);
process.exit(built || (await run(node, [...flags, join(root, 'e2e/src', program), ...args])));
