// @ts-check
import { join } from 'node:path';
import { bootstrap, node, root, run } from './bootstrap.mjs';

// npm run stack -- <command>
bootstrap();
// kafkajs 2.2 asks for negative time-outs, at which Node 24 warns.
const flags = ['--disable-warning=TimeoutNegativeWarning'];
process.exit(await run(node, [...flags, join(root, 'tools/src/stack/main.ts'), ...process.argv.slice(2)]));
