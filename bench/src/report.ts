import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { machine } from './harness/system.ts';

/** One line of the table. */
export interface StageResult {
  readonly stage: string;
  readonly what: string;
  /** The figure to judge, e.g. `ratio 0.87`. */
  readonly figure: number;
  readonly unit: string;
  readonly range: string;
  readonly floor: string;
  readonly candidate: string;
  /** The target in words; null when the figure is only reported. */
  readonly target: string | null;
  readonly met: boolean | null;
  /** Raw samples, for the JSON file. */
  readonly samples: unknown;
}

const round = (n: number): string => (Math.abs(n) >= 100 ? n.toFixed(0) : n.toFixed(2));

/** Prints the table and writes everything, raw samples included, as JSON. */
export function report(results: readonly StageResult[], jsonPath: string): void {
  const head = ['stage', 'what', 'figure', 'range', 'floor', 'candidate', 'target', 'met'];
  const rows = results.map((r) => [
    r.stage, r.what, `${round(r.figure)} ${r.unit}`, r.range, r.floor, r.candidate, r.target ?? '-', r.met === null ? '-' : r.met ? 'yes' : 'NO',
  ]); // prettier-ignore
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => (row[at] ?? '').length)));
  for (const row of [head, widths.map((width) => '-'.repeat(width)), ...rows]) {
    process.stdout.write(`${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')}\n`);
  }
  mkdirSync(dirname(jsonPath), { recursive: true });
  writeFileSync(
    jsonPath,
    `${JSON.stringify({ at: new Date().toISOString(), machine: machine(), results }, null, 2)}\n`,
  );
  process.stdout.write(`\nRaw samples: ${jsonPath}\n`);
}
