import { LogUnavailable } from '@productgraph/kernel';
import { describe, expect, it } from 'vitest';
import { spoolOn, type SpooledLog } from './intake.ts';
import type { SpoolSettings } from './options.ts';
import { createDisk, type Disk } from './testing/power-loss-files.ts';
import { createToldLog, nameRecord, smallSettings, toldFacts, turn, type ToldLog } from './testing/world.ts';

interface Opened {
  readonly disk: Disk;
  readonly log: ToldLog;
  readonly told: string[];
  readonly spooled: SpooledLog;
}

async function open(world: { disk?: Disk; log?: ToldLog } & Partial<SpoolSettings> = {}): Promise<Opened> {
  const { disk = createDisk(), log = createToldLog(), ...settings } = world;
  const { facts, told } = toldFacts();
  const spooled = await spoolOn(disk.mount(turn), log, smallSettings(facts, settings));
  return { disk, log, told, spooled };
}

const append = (log: SpooledLog, name: string, partition = 0): Promise<unknown> =>
  log.append([{ topic: 'events', partition, records: [nameRecord(name)] }]);

async function drained(spooled: SpooledLog): Promise<void> {
  while (spooled.spool().records > 0) await turn();
}

const segments = (disk: Disk): string[] => [...disk.content().keys()].filter((name) => name.endsWith('.spool'));

describe('a spooled log', () => {
  it('leaves the folder alone while the log takes everything', async () => {
    const { spooled, log, told, disk } = await open();
    await append(spooled, 'a');
    await append(spooled, 'b');
    expect(log.names.get(0)).toEqual(['a', 'b']);
    expect(told).toEqual([]);
    expect(segments(disk)).toEqual([]);
    await spooled.stop();
  });

  it('keeps what the log refuses, drains it in order, and then writes to the log again', async () => {
    const { spooled, log, told, disk } = await open();
    log.fault = () => 'not stored';
    for (const name of ['a', 'b', 'c']) await append(spooled, name);
    expect(spooled.spool()).toMatchObject({ records: 3 });
    expect(spooled.spool().bytes).toBeGreaterThan(100);
    expect(log.names.size).toBe(0);
    log.fault = () => 'none';
    await drained(spooled);
    for (let n = 0; n < 50; n++) await turn();
    await append(spooled, 'd');
    expect(log.names.get(0)).toEqual(['a', 'b', 'c', 'd']);
    expect(told.filter((fact) => fact.startsWith('spooled'))).toEqual(['spooled 1', 'spooled 1', 'spooled 1']);
    expect(told.at(-1)).toBe('ended');
    expect(spooled.spool()).toEqual({ bytes: 0, records: 0, oldestSeconds: 0 });
    expect(segments(disk)).toEqual([]);
    await spooled.stop();
  });

  it('does not wait longer than its patience, and does not repeat what the log takes late', async () => {
    const { spooled, log } = await open();
    let calls = 0;
    log.fault = () => (calls++ === 0 ? 'late' : 'none');
    await append(spooled, 'a');
    expect(log.names.size).toBe(0);
    await append(spooled, 'b');
    await drained(spooled);
    expect(log.names.get(0)).toEqual(['a', 'b']);
    await spooled.stop();
  });

  it('goes on when the log never answers', async () => {
    const { spooled, log } = await open();
    let calls = 0;
    log.fault = () => (calls++ === 0 ? 'never' : 'none');
    await append(spooled, 'a');
    await drained(spooled);
    expect(log.names.get(0)).toEqual(['a']);
    await spooled.stop();
  });

  it('empties under appends that never pause', async () => {
    const { spooled, log, told } = await open();
    log.fault = () => 'not stored';
    await append(spooled, 'first');
    log.fault = () => 'none';
    for (let n = 0; !told.includes('ended'); n++) {
      expect(n).toBeLessThan(500);
      await append(spooled, `n${n}`);
    }
    expect(spooled.spool().records).toBe(0);
    await spooled.stop();
  });

  it('is drained by the next process', async () => {
    const { spooled, log, disk } = await open();
    log.fault = () => 'not stored';
    for (const name of ['a', 'b']) await append(spooled, name);
    await spooled.stop();
    expect(segments(disk)).toHaveLength(1);
    log.fault = () => 'none';
    const next = await open({ disk, log });
    await append(next.spooled, 'c');
    await drained(next.spooled);
    expect(log.names.get(0)).toEqual(['a', 'b', 'c']);
    await next.spooled.stop();
  });

  it('passes on what is wrong with an append, and spools none of it', async () => {
    const { spooled, log } = await open();
    log.fault = () => 'not stored';
    await append(spooled, 'a');
    await expect(append(spooled, 'b', 99)).rejects.toThrow(RangeError);
    await expect(spooled.append([{ topic: 'events', partition: 0, records: [] }])).rejects.toThrow(RangeError);
    expect(spooled.spool().records).toBe(1);
    await spooled.stop();
  });

  it('sets aside an entry that the log will never take, and drains the others', async () => {
    const { spooled, log, told, disk } = await open();
    log.fault = () => 'not stored';
    for (const name of ['a', 'poison', 'c']) await append(spooled, name);
    log.fault = (appends) => {
      const isPoison = appends.some(({ records }) =>
        records.some(({ payload }) => Buffer.from(payload).toString() === 'poison'),
      );
      if (isPoison) throw new RangeError('never');
      return 'none';
    };
    await drained(spooled);
    expect(log.names.get(0)).toEqual(['a', 'c']);
    const [file = ''] = [...disk.content().keys()].filter((name) => name.startsWith('refused-'));
    expect(disk.content().get(file)?.includes('poison')).toBe(true);
    expect(told.some((fact) => fact.startsWith(`set aside refused ${file} `))).toBe(true);
    await spooled.stop();
  });
});

describe('a full spool', () => {
  it('refuses at its bound, and takes appends again when it has drained', async () => {
    const { spooled, log, told } = await open({ maxBytes: 1_500 });
    log.fault = () => 'not stored';
    const fill = async (): Promise<void> => {
      for (let n = 0; n < 100; n++) await append(spooled, `n${n}`);
    };
    await expect(fill()).rejects.toThrow(/^The spool is full: it holds 1[34]\d\d of 1500 bytes$/u);
    expect(told.filter((fact) => fact.startsWith('refused'))).toHaveLength(1);
    const { records } = spooled.spool();
    log.fault = () => 'none';
    await drained(spooled);
    expect(log.names.get(0)).toHaveLength(records);
    await append(spooled, 'again');
    await spooled.stop();
  });

  it.each(['write', 'sync', 'open', 'sync folder'])('says so when the disk fails at “%s”, and heals', async (work) => {
    const disk = createDisk();
    let isFull = false;
    const step = async (what: string): Promise<void> => {
      await turn();
      if (isFull && what === work) throw new Error('ENOSPC: no space left on device');
    };
    const { facts, told } = toldFacts();
    const log = createToldLog();
    const spooled = await spoolOn(disk.mount(step), log, smallSettings(facts));
    log.fault = () => 'not stored';
    isFull = true;
    await expect(append(spooled, 'a')).rejects.toThrow(LogUnavailable);
    isFull = false;
    await append(spooled, 'b');
    isFull = work === 'write' || work === 'sync';
    if (isFull) await expect(append(spooled, 'c')).rejects.toThrow('The spool cannot be written: ENOSPC');
    isFull = false;
    await append(spooled, 'd');
    log.fault = () => 'none';
    await drained(spooled);
    expect(log.names.get(0)).toEqual(['b', 'd']);
    expect(told.some((fact) => fact.startsWith('refused LogUnavailable'))).toBe(true);
    await spooled.stop();
  });
});

describe('damage', () => {
  /** A disk with one segment of three entries, none drained. */
  async function three(): Promise<{ disk: Disk; name: string; bytes: Buffer }> {
    const { spooled, log, disk } = await open();
    log.fault = () => 'not stored';
    for (const name of ['a', 'b', 'c']) await append(spooled, name);
    await spooled.stop();
    const [name = ''] = segments(disk);
    return { disk, name, bytes: disk.content().get(name) ?? Buffer.alloc(0) };
  }

  it('of a tail cut short is cut off and told', async () => {
    const { disk, name, bytes } = await three();
    disk.replace(name, bytes.subarray(0, bytes.length - 5));
    const { spooled, log, told } = await open({ disk });
    await drained(spooled);
    expect(log.names.get(0)).toEqual(['a', 'b']);
    expect(told[0]).toBe(`cut ${bytes.length / 3 - 5}`);
    await spooled.stop();
  });

  it('in the middle is set aside at the start; what stands around it is drained', async () => {
    const { disk, name, bytes } = await three();
    const spoilt = Buffer.from(bytes).fill(255, bytes.length / 3 + 30, bytes.length / 3 + 40);
    disk.replace(name, spoilt);
    const { spooled, log, told } = await open({ disk });
    await drained(spooled);
    expect(log.names.get(0)).toEqual(['a', 'c']);
    const file = `damaged-${name}-${bytes.length / 3}`;
    expect(told[0]).toBe(`set aside damaged ${file} ${bytes.length / 3}`);
    expect(disk.content().get(file)).toEqual(spoilt.subarray(bytes.length / 3, (bytes.length / 3) * 2));
    await spooled.stop();
  });

  it('that comes while the process runs is set aside too', async () => {
    const { spooled, log, disk, told } = await open();
    log.fault = () => 'not stored';
    for (const name of ['a', 'b', 'c']) await append(spooled, name);
    const [name = ''] = segments(disk);
    const bytes = disk.content().get(name) ?? Buffer.alloc(0);
    disk.replace(name, Buffer.from(bytes).fill(255, 30, 40));
    log.fault = () => 'none';
    await drained(spooled);
    expect(log.names.get(0)).toEqual(['b', 'c']);
    expect(told).toContain(`set aside damaged damaged-${name}-0 ${bytes.length / 3}`);
    await spooled.stop();
  });
});
