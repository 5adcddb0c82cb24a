import type { ProcessStatus } from './stack.ts';
import type { Settings } from './state.ts';

/** One line `NAME=value` per setting. */
export function asEnvironment(settings: Settings): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');
}

/** A table of the processes by name, and the sum of their memory. */
export function asStatus(processes: readonly ProcessStatus[]): string {
  const sorted = processes.toSorted((a, b) => a.name.localeCompare(b.name));
  const rows = sorted.map(({ name, state, pid = '', port = '', residentKb }) => [
    name,
    state,
    String(pid),
    String(port),
    megabytes(residentKb),
  ]);
  const sum = processes.reduce((total, { residentKb }) => total + residentKb, 0);
  const table = [['process', 'state', 'pid', 'port', 'memory'], ...rows, ['', '', '', '', megabytes(sum)]];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  return table
    .map((row) =>
      row
        .map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const megabytes = (kb: number): string => `${Math.round(kb / 1024)} MB`;
