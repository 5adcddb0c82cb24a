import type { Clock } from '@productgraph/kernel';
import type { CliConfig } from './config.ts';
import type { Output } from './output.ts';

/** What every command gets. */
export interface CliContext {
  readonly output: Output;
  readonly clock: Clock;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Reads the environment when a command first needs it, so that `--help` works with a wrong one. */
  readonly config: () => CliConfig;
}
