import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { CliFault } from '../fault.ts';

/** `start`: the Starter, in the foreground, as `npm start` runs it. Answers its exit code. */
export async function start(args: readonly string[]): Promise<number> {
  const program = join(import.meta.dirname, '../starter/main.js');
  if (!existsSync(program)) throw new CliFault('The Starter is not built: run "npm run build", or use "npm start".');
  // As `npm start` does: tools/bootstrap.mjs says why.
  const flags = JSON.parse(readFileSync(join(program, '../assets/starter/assets/node-flags.json'), 'utf8')) as string[];
  const child = spawn(process.execPath, [...flags, program, ...args], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // A terminal sends SIGINT to the child too.
    process.on(signal, () => (signal === 'SIGINT' && process.stdin.isTTY ? undefined : child.kill(signal)));
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 1 : constants.signals[signal])));
  });
}
