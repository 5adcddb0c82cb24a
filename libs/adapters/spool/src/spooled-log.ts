import type { LogIntake } from '@productgraph/kernel';
import { openFiles } from './files.ts';
import { spoolOn, type SpooledLog } from './intake.ts';
import { lockFolder } from './lock.ts';
import { compileBounds, type SpoolOptions } from './options.ts';

/**
 * Puts a spool before `log`: what it does not take within the patience is written to the folder and acknowledged, and until the log has all
 * of that, everything else goes behind it. What an earlier process has left is drained first.
 * @throws InvalidSpoolOptions, SpoolInUse, and Node's error when the folder cannot be used
 */
export async function openSpooledLog(log: LogIntake, options: SpoolOptions): Promise<SpooledLog> {
  const bounds = compileBounds(options);
  const files = await openFiles(options.folder);
  const lock = lockFolder(options.folder);
  try {
    const spooled = await spoolOn(files, log, { ...options, ...bounds });
    return { ...spooled, stop: () => spooled.stop().finally(() => lock.release()) };
  } catch (error) {
    lock.release();
    throw error;
  }
}
