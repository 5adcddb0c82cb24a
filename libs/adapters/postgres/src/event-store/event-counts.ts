import type { BlockEvent } from '@productgraph/domain-event';
import { ledgerMinute } from '@productgraph/domain-ledger';

/** Events of a project and minute of receipt; the same pair may come more than once in a list. */
export interface EventCount {
  readonly projectId: string;
  readonly minute: number;
  readonly n: number;
}

/** Counts events; runs of one project and minute, which is how they come, become one count. */
export function countEvents(rows: readonly BlockEvent[]): EventCount[] {
  const counts: { projectId: string; minute: number; n: number }[] = [];
  let current: { projectId: string; minute: number; n: number } | undefined;
  for (const { event } of rows) {
    const minute = ledgerMinute(event.receivedAt);
    if (current?.minute === minute && current.projectId === event.projectId) current.n += 1;
    else counts.push((current = { projectId: event.projectId, minute, n: 1 }));
  }
  return counts;
}
