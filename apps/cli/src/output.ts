/** Where a command's words go. */
export interface Output {
  /** Results, for people or as JSON. */
  readonly out: (text: string) => void;
  /** Progress and warnings. */
  readonly err: (text: string) => void;
  /** Standard error is a terminal: progress may be drawn. */
  readonly isTerminal: boolean;
}

/** What a command has to tell: `--json` prints the value, else the text is printed. */
export interface Result {
  readonly json: unknown;
  readonly text: string;
  /** Default 0. */
  readonly exitCode?: number;
}

export const nodeOutput: Output = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  isTerminal: process.stderr.isTTY,
};

/** Columns as wide as their widest cell. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** 1 event, 12,345 events */
export function counted(value: number, one: string, many: string): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** 12,345 */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}
