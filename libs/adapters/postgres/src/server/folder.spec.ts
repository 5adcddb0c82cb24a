import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { EmbeddedPostgresError } from './faults.ts';
import { letPass, makeDataFolder } from './folder.ts';

const base = mkdtempSync(join(tmpdir(), 'productgraph-folder-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const modeOf = (path: string): number => statSync(path).mode & 0o7777;

function refusal(dataDir: string): string {
  try {
    makeDataFolder(dataDir);
  } catch (error) {
    expect(error).toBeInstanceOf(EmbeddedPostgresError);
    return (error as Error).message;
  }
  return 'nothing was refused';
}

const NOBODY = 65_534;

/** Runs `work` with no more rights than anybody has: root may write anywhere. */
function unprivileged<T>(work: () => T): T {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(NOBODY);
  try {
    return work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

describe('the data folder', () => {
  it('is made with those above it, for our own user only, and left empty', () => {
    makeDataFolder(join(base, 'a/b/c'));
    expect(['a', 'a/b', 'a/b/c'].map((path) => modeOf(join(base, path)))).toEqual([0o700, 0o700, 0o700]);
    expect(readdirSync(join(base, 'a/b/c'))).toEqual([]);
  });

  it('that is there keeps what is in it, and its rights', () => {
    const folder = join(base, 'there');
    mkdirSync(folder);
    chmodSync(folder, 0o750);
    writeFileSync(join(folder, 'mine'), '');
    makeDataFolder(folder);
    expect([modeOf(folder), readdirSync(folder)]).toEqual([0o750, ['mine']]);
  });
});

describe('one sentence for a data folder that', () => {
  const file = join(base, 'file');
  writeFileSync(file, '');

  it.each([
    ['is a file', file, `The data folder ${file} is a file: choose another DATA_DIR.`],
    [
      'lies below a file',
      join(file, 'x/data'),
      `The data folder ${file}/x/data cannot be made, because ${file} is a file: choose another DATA_DIR.`,
    ],
    [
      'has too long a name',
      join(base, 'x'.repeat(300)),
      expect.stringMatching(/cannot be used \(ENAMETOOLONG.*\): choose another DATA_DIR\.$/u),
    ],
  ])('%s', (_what, folder, sentence) => {
    expect(refusal(folder)).toEqual(sentence);
  });

  it.runIf(existsSync('/proc/self')).each(['/proc', '/proc/data', '/proc/x/data', '/proc/self/data', '/sys/data'])(
    'is in a place that keeps no files: %s',
    (folder) => {
      const rights = statSync('/proc').mode;
      expect(refusal(folder)).toMatch(
        process.getuid?.() === 0
          ? new RegExp(
              `^The data folder ${folder} is (?:in a place that keeps no files|on a read-only disk): choose another`,
            )
          : new RegExp(
              `^The data folder ${folder} (?:is in a place that keeps no files|may not be written to by user id)`,
            ),
      );
      expect(statSync('/proc').mode).toBe(rights);
    },
  );

  it('may not be written to', () => {
    const closed = join(base, 'closed');
    mkdirSync(closed, { mode: 0o500 });
    chmodSync(base, 0o755);
    const folders = [closed, join(closed, 'data')];
    for (const sentence of unprivileged(() => folders.map(refusal))) {
      expect(sentence).toMatch(/may not be written to by user id \d+: allow it or choose another DATA_DIR\.$/u);
    }
  });
});

it.each([
  [0o700, 0o711],
  [0o755, 0o755],
  [0o1777, 0o1777],
  [0o2750, 0o2751],
])('rights %o become %o so that others pass', (before, after) => {
  const folder = join(base, `rights-${before}`);
  mkdirSync(folder);
  chmodSync(folder, before);
  letPass(folder);
  expect(modeOf(folder)).toBe(after);
});
