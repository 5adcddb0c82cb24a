import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a running process leaves in its data folder for the command line. Holds a password: only its own user may read it. */
export interface RunNote {
  readonly pid: number;
  readonly url: string;
  readonly databaseUrl: string;
  /** Unix milliseconds. */
  readonly startedAt: number;
}

const FILE = 'run.json';

/** Writes the note, making the folder when there is none yet; answers what takes it away again. */
export function writeRunNote(folder: string, note: RunNote): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, FILE);
  // A file that is there keeps its rights: begin anew.
  rmSync(file, { force: true });
  writeFileSync(file, `${JSON.stringify(note, null, 2)}\n`, { mode: 0o600 });
  return () => rmSync(file, { force: true });
}

/** The note of the process that runs on this folder; null when none does (a note left behind by kill -9 does not count). */
export function readRunNote(folder: string): RunNote | null {
  try {
    const note = JSON.parse(readFileSync(join(folder, FILE), 'utf8')) as RunNote;
    return isAlive(note.pid) ? note : null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || error instanceof SyntaxError) return null;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
