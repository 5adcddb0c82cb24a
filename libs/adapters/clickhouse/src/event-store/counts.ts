import type { RecordCounts } from '@productgraph/contracts';

type MutableCounts = Record<string, Record<string, number>>;

/** Sums counts per project and minute of receipt. */
export class Counts {
  readonly #counts: MutableCounts = {};
  #total = 0;

  get counts(): RecordCounts {
    return this.#counts;
  }

  get total(): number {
    return this.#total;
  }

  /** @param minute Unix minute */
  add(projectId: string, minute: string | number, n = 1): void {
    const minutes = (this.#counts[projectId] ??= {});
    minutes[minute] = (minutes[minute] ?? 0) + n;
    this.#total += n;
  }
}

/** `a + factor × b`; what becomes 0 is left out. */
function combine(a: RecordCounts, b: RecordCounts, factor: 1 | -1): RecordCounts {
  const sum: MutableCounts = {};
  for (const [counts, sign] of [
    [a, 1],
    [b, factor],
  ] as const) {
    for (const [projectId, minutes] of Object.entries(counts)) {
      for (const [minute, n] of Object.entries(minutes)) {
        const own = (sum[projectId] ??= {});
        own[minute] = (own[minute] ?? 0) + sign * n;
      }
    }
  }
  return Object.fromEntries(
    Object.entries(sum).flatMap(([projectId, minutes]) => {
      const left = Object.entries(minutes).filter(([, n]) => n !== 0);
      return left.length === 0 ? [] : [[projectId, Object.fromEntries(left)]];
    }),
  );
}

export const addCounts = (a: RecordCounts, b: RecordCounts): RecordCounts => combine(a, b, 1);
export const subtractCounts = (a: RecordCounts, b: RecordCounts): RecordCounts => combine(a, b, -1);
