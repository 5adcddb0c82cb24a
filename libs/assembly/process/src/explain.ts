import { ConfigError } from '@productgraph/platform-config';

/** Kinds of errors whose message is a sentence for people. */
export type ClearError = abstract new (...args: never[]) => Error;

/** Sentences for wrong settings and for the faults of a process's parts; null = unknown here. */
export function explainWith(clear: readonly ClearError[]): (error: unknown) => string | null {
  return (error) => {
    if (error instanceof ConfigError) {
      const { length } = error.faults;
      const head = length === 1 ? 'One setting is wrong:' : `${length} settings are wrong:`;
      return `${head}\n${error.message.replaceAll(/^/gm, '  ')}`;
    }
    return error instanceof Error && clear.some((kind) => error instanceof kind) ? error.message : null;
  };
}
