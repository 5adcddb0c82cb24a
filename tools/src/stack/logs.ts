import { createReadStream, statSync, type Stats } from 'node:fs';
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { logFile } from './process.ts';

/** Writes what comes to the log from now on, until this process ends. */
export async function follow(folder: string, name: string, output: Writable): Promise<never> {
  const path = logFile(folder, name);
  for (let from = sizeOf(path); ;) {
    const size = sizeOf(path);
    if (size > from) {
      for await (const chunk of createReadStream(path, { start: from, end: size - 1 })) output.write(chunk);
      from = size;
    }
    await sleep(200);
  }
}

function sizeOf(path: string): number {
  const stats: Stats | undefined = statSync(path, { throwIfNoEntry: false });
  return stats?.size ?? 0;
}
