import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lockFolder, SpoolInUse } from './lock.ts';

const HOLD = `
  const { lockFolder } = await import(process.argv[1]);
  lockFolder(process.argv[2]);
  console.log('locked');
  setInterval(() => undefined, 1000);
`;

it('is held by another process until that is killed', { timeout: 20_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'spool-'));
  const url = new URL('lock.ts', import.meta.url).href;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', HOLD, url, folder]);
  try {
    await once(holder.stdout, 'data');
    expect(() => lockFolder(folder)).toThrow(SpoolInUse);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    lockFolder(folder).release();
  } finally {
    holder.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
});
