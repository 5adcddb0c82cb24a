import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readRunNote, writeRunNote } from './run-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'run-file-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const note = { pid: process.pid, url: 'http://localhost:1', databaseUrl: 'postgres://u:p@h/d', startedAt: 1 };

describe('the run note', () => {
  it('is there while the process runs, for its own user only', () => {
    expect(readRunNote(folder)).toBeNull();
    const remove = writeRunNote(folder, note);
    expect(readRunNote(folder)).toEqual(note);
    expect(statSync(join(folder, 'run.json')).mode & 0o777).toBe(0o600);
    remove();
    expect(readRunNote(folder)).toBeNull();
  });

  it('makes its folder, for its own user only, when there is none yet', () => {
    const fresh = join(folder, 'none', 'yet');
    writeRunNote(fresh, note);
    expect(readRunNote(fresh)).toEqual(note);
    expect(statSync(fresh).mode & 0o777).toBe(0o700);
  });

  it('of a process that was killed does not count', () => {
    writeRunNote(folder, { ...note, pid: 4_194_303 });
    expect(readRunNote(folder)).toBeNull();
  });

  it('that was cut off does not count', () => {
    writeFileSync(join(folder, 'run.json'), '{"pid":');
    expect(readRunNote(folder)).toBeNull();
  });
});
