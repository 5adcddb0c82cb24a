import { systemClock } from '@productgraph/platform-runtime';
import { loadCliConfig } from './config.ts';
import type { CliContext } from './context.ts';
import { explain } from './explain.ts';
import { nodeOutput } from './output.ts';
import { createProgram, type Run } from './program.ts';

const stopping = new AbortController();
process.once('SIGINT', () => stopping.abort(new Error('Stopped by Ctrl-C; the same command goes on where it was.')));

const context: CliContext = {
  output: nodeOutput,
  clock: systemClock,
  signal: stopping.signal,
  config: () => loadCliConfig(),
};

const run: Run = async (work) => {
  const result = await work(context);
  const asJson = program.opts<{ json?: boolean }>().json === true;
  nodeOutput.out(asJson ? `${JSON.stringify(result.json, null, 2)}\n` : result.text);
  process.exitCode = result.exitCode ?? 0;
};

const program = createProgram(run, (code) => (process.exitCode = code));

try {
  await program.parseAsync();
} catch (error) {
  const message = stopping.signal.aborted ? (stopping.signal.reason as Error).message : explain(error);
  const asJson = program.opts<{ json?: boolean }>().json === true;
  if (asJson) nodeOutput.out(`${JSON.stringify({ error: message })}\n`);
  else nodeOutput.err(`${message}\n`);
  process.exitCode = 1;
}
