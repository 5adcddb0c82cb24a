import type { Clock } from '@productgraph/kernel';
import type { SpoolFacts } from '@productgraph/platform-telemetry';

/** What wiring passes. */
export interface SpoolOptions {
  /** Folder of the spool, made when it is not there; one process at a time uses it. */
  readonly folder: string;
  readonly clock: Clock;
  /** 0 inclusive to 1 exclusive: spreads back-off. */
  readonly random: () => number;
  readonly facts: SpoolFacts;
  /** Bound on the folder's segments, bytes, from 1 MB on. Default 1 GB. */
  readonly maxBytes?: number;
  /** An append that the log has not taken by then goes to the spool, milliseconds, 1 to 60,000. Default 2,000. */
  readonly patienceMs?: number;
  /** A segment takes no more from this size on, bytes, from 4 KB to 256 MB. Default 16 MB. */
  readonly segmentBytes?: number;
  /** What is drained in one append, bytes, from 1 KB to 64 MB; a larger entry goes alone. Default 512 KB: one batch of Kafka a partition. */
  readonly batchBytes?: number;
}

/** Bounds with every default filled in and every range checked. */
export interface SpoolBounds {
  readonly maxBytes: number;
  readonly patienceMs: number;
  readonly segmentBytes: number;
  readonly batchBytes: number;
}

/** Options without the folder, compiled. */
export type SpoolSettings = Omit<SpoolOptions, 'folder' | keyof SpoolBounds> & SpoolBounds;

/** Some options are out of range; `faults` names all of them. */
export class InvalidSpoolOptions extends Error {
  override readonly name = 'InvalidSpoolOptions';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('; '));
    this.faults = faults;
  }
}

const KB = 1024;
const MB = 1024 * KB;

/** @throws InvalidSpoolOptions with all faults at once */
export function compileBounds(options: Partial<SpoolBounds>): SpoolBounds {
  const { maxBytes = 1024 * MB, patienceMs = 2_000, segmentBytes = 16 * MB, batchBytes = 512 * KB } = options;
  const faults = [
    ...outOfRange('maxBytes', maxBytes, [MB, Number.MAX_SAFE_INTEGER]),
    ...outOfRange('patienceMs', patienceMs, [1, 60_000]),
    ...outOfRange('segmentBytes', segmentBytes, [4 * KB, 256 * MB]),
    ...outOfRange('batchBytes', batchBytes, [KB, 64 * MB]),
  ];
  if (faults.length > 0) throw new InvalidSpoolOptions(faults);
  return { maxBytes, patienceMs, segmentBytes, batchBytes };
}

function outOfRange(name: string, value: number, [min, max]: readonly [number, number]): readonly string[] {
  return Number.isInteger(value) && value >= min && value <= max
    ? []
    : [`${name} must be a whole number from ${min} to ${max}`];
}
