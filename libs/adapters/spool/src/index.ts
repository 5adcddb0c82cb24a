export { openSpooledLog } from './spooled-log.ts';
export type { SpooledLog } from './intake.ts';
export { InvalidSpoolOptions, type SpoolOptions } from './options.ts';
export { SpoolInUse } from './lock.ts';
