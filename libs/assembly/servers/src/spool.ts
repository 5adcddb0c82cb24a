import { openSpooledLog, type SpooledLog } from '@productgraph/adapter-spool';
import type { Base } from '@productgraph/assembly-process';
import type { LogIntake } from '@productgraph/kernel';
import type { ConfigOf, spoolSettings } from '@productgraph/platform-config';
import { part, type Part, type PartState } from '@productgraph/platform-runtime';

export type SpoolSettings = ConfigOf<{ spool: typeof spoolSettings }>['spool'];

/** The log as ingestion appends to it. */
export interface OpenIntake {
  readonly log: LogIntake;
  /** `behind` with bytes, records and age while the spool holds something; null = there is no spool. */
  readonly state: (() => PartState) | null;
  stop(): Promise<void>;
}

const MB = 1024 * 1024;

/** The spool before `log`, or the log itself where no folder is set. @throws SpoolInUse, and Node's error when the folder cannot be used */
export async function openIntake(
  { clock, random, telemetry }: Pick<Base, 'clock' | 'random' | 'telemetry'>,
  { folder, maxMb }: SpoolSettings,
  log: LogIntake,
): Promise<OpenIntake> {
  if (folder === null) return { log, state: null, stop: () => Promise.resolve() };
  const facts = telemetry.spool;
  const spooled = await openSpooledLog(log, { folder, maxBytes: maxMb * MB, clock, random, facts });
  return { log: spooled, state: () => stateOf(spooled), stop: () => spooled.stop() };
}

/** The intake, after the log that it appends to. */
export function intakePart(
  base: Base,
  config: { readonly spool: SpoolSettings },
  log: Part<LogIntake>,
): Part<OpenIntake> {
  return part(
    'spool',
    () => openIntake(base, config.spool, log.value),
    (it) => it.stop(),
  );
}

function stateOf(spooled: SpooledLog): PartState {
  const { bytes, records, oldestSeconds } = spooled.spool();
  if (records === 0) return { state: 'ok', bytes };
  const detail = 'Events wait on the disk until the log takes them';
  return { state: 'behind', detail, bytes, records, oldestSeconds: Math.round(oldestSeconds) };
}
