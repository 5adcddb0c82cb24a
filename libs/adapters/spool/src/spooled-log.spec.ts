import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, until } from '@productgraph/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSpooledLog, SpoolInUse, type SpooledLog } from './index.ts';
import { createToldLog, nameRecord, toldFacts, type ToldLog } from './testing/world.ts';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'spool-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = (log: ToldLog, at = folder): Promise<SpooledLog> =>
  openSpooledLog(log, {
    folder: at,
    clock: systemClock,
    random: Math.random,
    facts: toldFacts().facts,
    patienceMs: 100,
  });

const append = (log: SpooledLog, name: string): Promise<unknown> =>
  log.append([{ topic: 'events', partition: 0, records: [nameRecord(name)] }]);

describe('openSpooledLog', () => {
  it('keeps appends in files of the folder, from which the next process drains them', async () => {
    const log = createToldLog();
    const inner = join(folder, 'made', 'when', 'missing');
    log.fault = () => 'not stored';
    const one = await open(log, inner);
    await Promise.all(['a', 'b', 'c'].map((name) => append(one, name)));
    expect(one.spool()).toMatchObject({ records: 3 });
    await one.stop();
    expect(await readdir(inner)).toContain('0000000000000000.spool');
    log.fault = () => 'none';
    const two = await open(log, inner);
    await append(two, 'd');
    await until('it is drained', () => two.spool().records === 0);
    expect(log.names.get(0)).toEqual(['a', 'b', 'c', 'd']);
    await two.stop();
    expect((await readdir(inner)).toSorted()).toEqual(['lock', 'position']);
  });

  it('is refused while another process has the folder', async () => {
    const one = await open(createToldLog());
    await expect(open(createToldLog())).rejects.toThrow(SpoolInUse);
    await one.stop();
    await (await open(createToldLog())).stop();
  });

  it('tells what is wrong with a folder that cannot be made', async () => {
    await writeFile(join(folder, 'notes.txt'), 'not ours');
    await expect(
      openSpooledLog(createToldLog(), {
        folder: join(folder, 'notes.txt'),
        clock: systemClock,
        random: Math.random,
        facts: toldFacts().facts,
      }),
    ).rejects.toThrow(/EEXIST|ENOTDIR/u);
  });
});
