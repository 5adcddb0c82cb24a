import type { Month } from '@productgraph/domain-event';

/** As partitions of ClickHouse are named: `201505`. */
export function monthName(month: Month): string {
  return String(Math.floor(month / 12) * 100 + (month % 12) + 1);
}
