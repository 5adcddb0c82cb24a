import { Presets, SingleBar } from 'cli-progress';
import { count, type Output } from './output.ts';

/** Progress of a file: a bar on a terminal, a line every 5 s elsewhere. */
export interface Progress {
  update(state: { readonly done: number; readonly total: number | null; readonly lines: number }): void;
  note(text: string): void;
  stop(): void;
}

const LINE_EVERY_MS = 5_000;

/** @param now Unix milliseconds */
export function createProgress(output: Output, label: string, now: () => number): Progress {
  return output.isTerminal ? bar(label, now) : plain(output, { label, now });
}

function bar(label: string, now: () => number): Progress {
  const began = now();
  const shown = new SingleBar(
    {
      format: `${label} {bar} {percentage}% | {lines} lines | {rate} lines/s`,
      hideCursor: true,
      clearOnComplete: false,
    },
    Presets.shades_classic,
  );
  shown.start(1, 0, { lines: '0', rate: '0' });
  return {
    update({ done, total, lines }) {
      const seconds = Math.max(0.001, (now() - began) / 1000);
      shown.setTotal(total ?? 1);
      shown.update(total === null ? 0 : done, { lines: count(lines), rate: count(Math.round(lines / seconds)) });
    },
    note: () => undefined,
    stop: () => shown.stop(),
  };
}

function plain({ err }: Output, { label, now }: { label: string; now: () => number }): Progress {
  let last = now();
  return {
    update({ done, total, lines }) {
      if (now() - last < LINE_EVERY_MS) return;
      last = now();
      const part = total === null || total === 0 ? '' : ` (${Math.round((done / total) * 100)} %)`;
      err(`${label}: ${count(lines)} lines${part}\n`);
    },
    note: (text) => err(`${label}: ${text}\n`),
    stop: () => undefined,
  };
}
