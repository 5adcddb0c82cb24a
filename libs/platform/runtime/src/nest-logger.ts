import type { LoggerService } from '@nestjs/common';
import type { RuntimeLogger } from './ports.ts';

/** Nest tells the mapping of every route at `log` level: that is for debugging here. */
export function nestLogger(logger: RuntimeLogger): LoggerService {
  const write =
    (level: 'debug' | 'warn' | 'error') =>
    (message: unknown, ...more: unknown[]) => {
      const scope = typeof more.at(-1) === 'string' ? { scope: more.at(-1) } : {};
      if (message instanceof Error) logger[level]({ err: message, ...scope }, message.message);
      else logger[level](scope, String(message));
    };
  return {
    log: write('debug'),
    debug: write('debug'),
    verbose: write('debug'),
    warn: write('warn'),
    error: write('error'),
  };
}
