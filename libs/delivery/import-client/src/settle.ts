import { type ImportTarget, send } from './connection.ts';

/** What the ledger says about the project since a time of receipt: durable facts, other senders' events included. */
export interface ImportCounts {
  readonly accepted: number;
  readonly stored: number;
  /** Was there already. */
  readonly duplicate: number;
  readonly rejected: number;
  /** Accepted, then refused by the store: in quarantine. */
  readonly quarantinedLater: number;
}

/**
 * The ledger's counts of the key's project since `from` (Unix ms, cut to the minute).
 * @throws ImportRefused at once, as the import's first request (`isFirst`), when nothing listens there
 */
export async function readCounts(
  target: ImportTarget,
  from: number,
  options: { readonly isFirst?: boolean } = {},
): Promise<ImportCounts> {
  const { body } = await send(target, {
    method: 'GET',
    path: `/v1/import/counts?from=${Math.floor(from)}`,
    ...options,
  });
  return body as ImportCounts;
}

/** Asks for settlement of what the project received in [from, to), without waiting for the lateness bound. */
export async function requestSettlement(target: ImportTarget, span: { from: number; to: number }): Promise<void> {
  const body = JSON.stringify({ received_from: Math.floor(span.from), received_to: Math.ceil(span.to) });
  await send(target, { method: 'POST', path: '/v1/import/finish', contentType: 'application/json', body });
}

/** Fields of `after` less those of `before`. */
function countsBetween(before: ImportCounts, after: ImportCounts): ImportCounts {
  return {
    accepted: after.accepted - before.accepted,
    stored: after.stored - before.stored,
    duplicate: after.duplicate - before.duplicate,
    rejected: after.rejected - before.rejected,
    quarantinedLater: after.quarantinedLater - before.quarantinedLater,
  };
}

const POLL_MS = 200;

export interface AwaitStoredOptions {
  /** Time of the import's first request, Unix ms. */
  readonly from: number;
  /** Counts since `from` before the import. */
  readonly before: ImportCounts;
  /** Events that the import's answers said were accepted. */
  readonly accepted: number;
  readonly timeoutMs: number;
  readonly onProgress?: (counts: ImportCounts) => void;
}

/**
 * Waits until every accepted event has found its end (stored, duplicate, quarantined), at most `timeoutMs`.
 * @returns the counts since `from`, less `before`
 */
export async function awaitStored(target: ImportTarget, options: AwaitStoredOptions): Promise<ImportCounts> {
  const until = target.clock.now() + options.timeoutMs;
  for (;;) {
    const counts = countsBetween(options.before, await readCounts(target, options.from));
    options.onProgress?.(counts);
    // The ledger counts an event as accepted when the writer has reached it, so the answers say how many there must be.
    const ended = counts.stored + counts.duplicate + counts.quarantinedLater;
    if (ended >= options.accepted || target.clock.now() > until) return counts;
    await target.clock.sleep(POLL_MS, target.signal);
  }
}
