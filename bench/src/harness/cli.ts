import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the repository. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * Runs a command of the built command line with `--json`; `env` says where the product's data are.
 * @throws when it does not end with 0
 */
export async function cli<T>(env: Readonly<Record<string, string>>, args: readonly string[]): Promise<T> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [join(ROOT, 'dist/cli/main.js'), ...args, '--json'], {
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`productgraph ${args.join(' ')} ended with ${String(code)}`);
  return JSON.parse(text) as T;
}
