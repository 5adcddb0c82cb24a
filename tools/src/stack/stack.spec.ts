import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { identify, isAlive, type ProcessId } from './identity.ts';
import { Stack, startStack } from './index.ts';
import { reapOrphans } from './places.ts';
import { pickPorts } from './ports.ts';
import { logTail, spawnDetached } from './process.ts';
import { readState, writeState, type Launch, type StackState } from './state.ts';

/** A stack of one small server, which counts its starts in a file of its folder and forks a child. */
const program = `
  const fs = require('node:fs'), [port, file] = process.argv.slice(1);
  const starts = (fs.existsSync(file) ? Number(fs.readFileSync(file, 'utf8')) : 0) + 1;
  fs.writeFileSync(file, String(starts));
  const { pid } = require('node:child_process').spawn('sleep', ['600']);
  fs.writeFileSync(file + '.child', String(pid));
  require('node:http').createServer((_, answer) => answer.end(String(starts))).listen(Number(port), '127.0.0.1');
  console.log('start', starts);
  process.on('SIGTERM', () => { console.log('asked to stop'); process.exit(0); });
`;

let base: string;
let port: number;
let open: Stack | undefined;

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'stacks-'));
  process.env.PRODUCTGRAPH_STACK_DIR = base;
});
afterAll(() => {
  delete process.env.PRODUCTGRAPH_STACK_DIR;
  rmSync(base, { recursive: true });
});
afterEach(async () => {
  if (open && readState(open.folder)) await open.down();
  open = undefined;
});

const launch = (change: Partial<Launch> = {}): Launch => ({
  name: 'server',
  kind: 'app',
  command: process.execPath,
  args: ['-e', program, String(port), join(base, 'starts')],
  cwd: base,
  env: { PATH: process.env.PATH ?? '' },
  ready: { by: 'http', url: `http://127.0.0.1:${port}` },
  ...change,
});

async function up(change: Partial<Parameters<typeof startStack>[0]> = {}): Promise<Stack> {
  rmSync(join(base, 'starts'), { force: true });
  ({ server: port = 0 } = await pickPorts(['server'], 'free'));
  open = await startStack({ name: 'spec', plan: {}, temporary: true, apps: () => [launch()], ...change });
  return open;
}

const answer = async (): Promise<string> => (await fetch(`http://127.0.0.1:${port}`)).text();
const statesOf = (stack: Stack): string[] => stack.status().map(({ state }) => state);

describe('a stack', () => {
  it('serves once it is up, and leaves no process and no folder', async () => {
    const stack = await up();
    expect(await answer()).toBe('1');
    const [{ pid = 0, residentKb } = {}] = stack.status();
    expect(residentKb).toBeGreaterThan(5000);
    expect(logTail(stack.folder, 'server', 9)).toBe('start 1');
    await stack.down();
    expect(identify(pid)).toBeUndefined();
    expect(existsSync(stack.folder)).toBe(false);
    expect(readdirSync(base)).toEqual(['starts', 'starts.child']);
  });

  it('is killed with what it has forked, and starts again by what its state file says', async () => {
    const stack = await up();
    const other = new Stack(stack.folder);
    await other.kill('server');
    expect(statesOf(stack)).toEqual(['down']);
    await expect(answer()).rejects.toThrow();
    await other.start('server');
    await other.start('server');
    expect(await answer()).toBe('2');
    expect(statesOf(stack)).toEqual(['running']);
  });

  it('stops gracefully', async () => {
    const stack = await up();
    const child = Number(readFileSync(join(base, 'starts.child'), 'utf8'));
    await stack.restart('server');
    expect(identify(child)).toBeUndefined();
    expect(await answer()).toBe('2');
    expect(logTail(stack.folder, 'server', 9)).toBe('start 1\nasked to stop\nstart 2');
  });

  it('stands still between pause and resume', async () => {
    const stack = await up();
    await stack.pause('server');
    expect(statesOf(stack)).toEqual(['paused']);
    const late = answer();
    expect(await Promise.race([late, sleep(50)])).toBeUndefined();
    stack.resume('server');
    expect(await late).toBe('1');
  });

  it('knows its processes', async () => {
    const stack = await up();
    await expect(stack.kill('kafka-1')).rejects.toThrow('The stack has no kafka-1, but server.');
    expect(() => new Stack(join(base, 'nowhere'))).toThrow('There is no stack in');
  });

  it('goes down with what does not come up, and says why', async () => {
    const good = (): Launch => launch({ name: 'good' });
    const bad = launch({
      name: 'bad',
      args: ['-e', 'console.error("no disk"); process.exit(1)'],
      ready: launchReady(1),
    });
    await expect(up({ apps: () => [good(), bad] })).rejects.toThrow(/bad ended before .* ends with:\nno disk/su);
    await expect(answer()).rejects.toThrow();
    expect(existsSync(join(base, 'spec'))).toBe(false);
    const missing = launch({ command: '/nowhere/program' });
    await expect(up({ apps: () => [missing] })).rejects.toThrow('server: /nowhere/program cannot be run.');
  });

  it('is found when it runs, and not under the name of another', async () => {
    const stack = await up({ temporary: false });
    const again = await up({ temporary: false, apps: () => [] }).catch((error: unknown) => error);
    expect(again).toBeInstanceOf(Stack);
    expect(stack.status()).toEqual((again as Stack).status());
    await expect(
      startStack({ name: 'spec', plan: { postgres: { replica: false } }, temporary: false }),
    ).rejects.toThrow('A stack of other servers runs under this name');
  });

  it('begins again after a first start that was cut short', async () => {
    const bad = launch({ command: '/nowhere/program' });
    await expect(up({ temporary: false, apps: () => [launch({ name: 'good' }), bad] })).rejects.toThrow(
      'cannot be run',
    );
    expect(existsSync(join(base, 'spec/logs/good.log'))).toBe(true);
    await up({ temporary: false });
    expect(readdirSync(join(base, 'spec/logs'))).toEqual(['server.log']);
  });

  it('keeps its folder when it is asked to', async () => {
    const stack = await up({ temporary: false });
    await stack.down({ keep: true });
    expect(statesOf(stack)).toEqual(['down']);
    const again = await startStack({ name: 'spec', plan: {}, temporary: false, apps: () => [launch()] });
    expect(await answer()).toBe('2');
    expect(readFileSync(join(again.folder, 'logs/server.log'), 'utf8')).toBe('start 1\nasked to stop\nstart 2\n');
  });
});

const launchReady = (unused: number): Launch['ready'] => ({ by: 'http', url: `http://127.0.0.1:${unused}` });

describe('orphans', () => {
  const state = (id: ProcessId, owner: ProcessId | undefined, temporary: boolean): StackState => ({
    version: 1,
    name: 'orphan',
    plan: '',
    ...(owner && { owner }),
    temporary,
    complete: true,
    ports: {},
    settings: {},
    external: [],
    processes: [{ ...launch(), id }],
  });
  const sleeper = (folder: string): ProcessId =>
    spawnDetached(folder, launch({ name: 'sleeper', command: 'sleep', args: ['600'] }));
  const gone = { pid: 1, started: 'long ago' };

  async function afterReaping(
    change: (id: ProcessId) => StackState,
  ): Promise<{ alive: boolean; folder: boolean; said: readonly string[] }> {
    const folder = join(base, 'orphan');
    const id = sleeper(folder);
    writeState(folder, change(id));
    const said = await reapOrphans(base);
    const result = { alive: isAlive(id), folder: existsSync(folder), said };
    if (isAlive(id)) process.kill(id.pid, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true });
    return result;
  }

  it('of a run that has died are ended, and its folder goes', async () => {
    const result = await afterReaping((id) => state(id, gone, true));
    expect(result).toEqual({ alive: false, folder: false, said: ['orphan/server'] });
  });

  it('of an `up` that has died are ended, its data stay', async () => {
    const result = await afterReaping((id) => state(id, gone, false));
    expect(result).toEqual({ alive: false, folder: true, said: ['orphan/server'] });
  });

  it('are none while their owner lives, or when they need none', async () => {
    const own = identify(process.pid);
    const kept = { alive: true, folder: true, said: [] };
    expect(await afterReaping((id) => state(id, own, true))).toEqual(kept);
    expect(await afterReaping((id) => state(id, undefined, false))).toEqual(kept);
  });

  it('are not the processes that have got their numbers since', async () => {
    const result = await afterReaping((id) => state({ ...id, started: 'earlier' }, gone, true));
    expect(result).toEqual({ alive: true, folder: false, said: [] });
  });

  it('do not stop at what is no stack', async () => {
    writeFileSync(join(base, 'file'), '');
    // What a killed process leaves of its waiting for a lock.
    writeFileSync(join(base, 'spec.lock.1.0'), JSON.stringify(gone));
    writeFileSync(join(base, 'spec.lock.2.0'), JSON.stringify(identify(process.pid)));
    expect(await reapOrphans(base)).toEqual([]);
    expect(readdirSync(base).filter((name) => name.includes('lock'))).toEqual(['spec.lock.2.0']);
    rmSync(join(base, 'file'));
    rmSync(join(base, 'spec.lock.2.0'));
  });
});
