import { ValueOutOfRange } from '@productgraph/domain-event';
import type { Refusal } from '@productgraph/domain-ledger';
import { codeOf } from '../faults.ts';

/** Unique violation: the row is there already. */
export const UNIQUE_VIOLATION = '23505';

/**
 * The month's partition is gone: dropped between the look and the write. A check violation without a constraint's name is
 * one of the partition's bounds, 42P01 a COPY into a partition that no longer exists.
 */
export function isMissingMonth(error: unknown): boolean {
  const code = codeOf(error);
  if (code === '42P01') return true;
  return code === '23514' && (error as { constraint?: string }).constraint === undefined;
}

/** Classes of SQLSTATE that blame the data: data exception, integrity violation, program limit (row or index entry too large). */
const DATA_CLASSES = new Set(['22', '23', '54']);

/** Why the store refuses this very data, or null when the fault is not the data's: then trying again later may help. */
export function refusalOf(error: unknown): Refusal | null {
  if (isMissingMonth(error)) return null;
  const refused = error instanceof ValueOutOfRange || DATA_CLASSES.has(codeOf(error).slice(0, 2));
  return refused ? { code: 'store_refused', message: (error as Error).message } : null;
}
