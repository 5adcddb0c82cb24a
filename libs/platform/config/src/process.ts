import { configTable } from './describe.ts';
import { loadConfig, type Fragments, type LoadedConfig } from './load.ts';

/** How a process reads its settings, and what it says of them. */
export interface ProcessSettings<F extends Fragments> {
  /** @throws ConfigError listing all faults */
  readonly load: () => LoadedConfig<F>;
  /** What `--help` prints. */
  readonly usage: string;
}

/** @param about one sentence: which process it is, and what it does */
export function processSettings<F extends Fragments>(about: string, settings: F): ProcessSettings<F> {
  return {
    load: () => loadConfig(settings),
    usage: `${about} Options:

  --check-config  only check the configuration: exit code 0 or 1
  --help          this text

Environment variables:

${configTable(settings)}`,
  };
}
