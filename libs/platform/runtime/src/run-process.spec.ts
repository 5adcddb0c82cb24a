import { createLifecycle, type Component } from '@productgraph/kernel';
import { describe, expect, it } from 'vitest';
import { StartFault } from './fault.ts';
import { runProcess, type ProcessHost, type ProcessOptions, type Startable } from './run-process.ts';

function world(argv: readonly string[] = []) {
  const out: string[] = [];
  const listeners = new Map<string, (cause: unknown) => void>();
  let exited: (code: number) => void = () => undefined;
  const exit = new Promise<number>((resolve) => (exited = resolve));
  const codes: number[] = [];
  const host: ProcessHost = {
    argv,
    on: (event, listener) => listeners.set(event, listener),
    exit: (code) => {
      codes.push(code);
      exited(code);
    },
    print: (text) => out.push(text),
    printError: (text) => out.push(`! ${text}`),
  };
  return { out, host, exit, codes, emit: (event: string, cause?: unknown) => listeners.get(event)?.(cause) };
}

function app(components: readonly Component[], more: Partial<Startable> = {}): () => Promise<Startable> {
  return () => Promise.resolve({ lifecycle: createLifecycle(components), stopTimeoutMs: 50, ...more });
}

const options = (host: ProcessHost, build: ProcessOptions<object>['build']): ProcessOptions<object> => ({
  usage: 'how to use it',
  load: () => ({ config: {}, warnings: ['LOGLEVEL is no setting'] }),
  build,
  host,
});

describe('runProcess', () => {
  it.each([
    [['--help'], ['how to use it'], 0],
    [['--check-config'], ['! LOGLEVEL is no setting', 'The configuration is valid.'], 0],
  ])('%j only prints', async (argv, printed, code) => {
    const { host, out, exit } = world(argv);
    await runProcess(options(host, () => Promise.reject(new Error('must not be built'))));
    expect([await exit, out]).toEqual([code, printed]);
  });

  it.each([
    ['--check-config', ['--check-config']],
    ['a start', []],
  ])('a wrong configuration ends %s with 1 and its sentences', async (_name, argv) => {
    const { host, out, exit } = world(argv);
    const load = () => {
      throw new StartFault('PORT is "x".');
    };
    await runProcess({ ...options(host, app([])), load });
    expect([await exit, out]).toEqual([1, ['! PORT is "x".']]);
  });

  it('a start that fails is rolled back, told in one sentence, and ends with 1', async () => {
    const { host, out, exit } = world();
    const stopped: string[] = [];
    const parts: Component[] = [
      { name: 'database', stop: async () => void stopped.push('database') },
      { name: 'http', start: () => Promise.reject(new StartFault('Port 8080 is in use.')) },
    ];
    await runProcess(options(host, app(parts)));
    expect([await exit, out, stopped]).toEqual([1, ['! Port 8080 is in use.'], ['database']]);
  });

  it('a fault that nobody can explain is told with its stack', async () => {
    const { host, out } = world();
    await runProcess(options(host, () => Promise.reject(new TypeError('a bug'))));
    expect(out[0]).toMatch(/^! TypeError: a bug\n {4}at /);
  });

  it("an app's own sentences come first", async () => {
    const { host, out } = world();
    const explain = (error: unknown) => (error instanceof TypeError ? 'Do this.' : null);
    await runProcess({ ...options(host, () => Promise.reject(new TypeError('x'))), explain });
    expect(out).toEqual(['! Do this.']);
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'])('%s stops in order and ends with 0', async (signal) => {
    const { host, exit, emit } = world();
    const log: string[] = [];
    const parts = ['log', 'http'].map((name) => ({ name, stop: async () => void log.push(`stop ${name}`) }));
    await runProcess(options(host, app(parts, { onStopping: (reason) => log.push(reason) })));
    emit(signal);
    expect([await exit, log]).toEqual([0, [signal, 'stop http', 'stop log']]);
  });

  it('a second signal ends at once', async () => {
    const { host, exit, emit } = world();
    await runProcess(options(host, app([{ name: 'slow', stop: () => new Promise(() => undefined) }])));
    emit('SIGTERM');
    emit('SIGINT');
    expect(await exit).toBe(130);
  });

  it('a stop that takes too long ends with 1', async () => {
    const { host, exit, emit, out } = world();
    await runProcess(options(host, app([{ name: 'slow', stop: () => new Promise(() => undefined) }])));
    emit('SIGTERM');
    expect(await exit).toBe(1);
    expect(out.at(-1)).toContain('more than 50 ms');
  });

  it('a signal during the start stops what is up, and nothing more is started', async () => {
    const { host, exit, emit } = world();
    const log: string[] = [];
    const parts: Component[] = [
      {
        name: 'database',
        start: async () => emit('SIGINT'),
        stop: async () => void log.push('stop database'),
      },
      { name: 'http', start: async () => void log.push('start http') },
    ];
    const run = async () => void log.push('run');
    await runProcess(options(host, app(parts, { run })));
    expect([await exit, log]).toEqual([0, ['stop database']]);
  });

  it.each(['uncaughtException', 'unhandledRejection'])('%s is told, stops, and ends with 1', async (event) => {
    const { host, exit, emit } = world();
    const log: string[] = [];
    const parts = [{ name: 'http', stop: async () => void log.push('stop http') }];
    const onUnexpected = (error: unknown, where: string) => void log.push(`${where}: ${String(error)}`);
    await runProcess(options(host, app(parts, { onUnexpected })));
    emit(event, new Error('oops'));
    expect([await exit, log]).toEqual([1, [`${event}: Error: oops`, 'stop http']]);
  });

  it('a process that cannot go on says why, stops, and ends with 1', async () => {
    const { host, exit, out } = world();
    const broken = new AbortController();
    const log: string[] = [];
    const parts = [{ name: 'http', stop: async () => void log.push('stop http') }];
    await runProcess(options(host, app(parts, { broken: broken.signal })));
    broken.abort('Another process has taken over.');
    expect([await exit, out, log]).toEqual([1, ['! Another process has taken over.'], ['stop http']]);
  });

  it('what runs after the start may fail too', async () => {
    const { host, exit, out } = world();
    await runProcess(options(host, app([], { run: () => Promise.reject(new StartFault('No sample.')) })));
    expect([await exit, out]).toEqual([1, ['! No sample.']]);
  });

  it('a component that fails to stop makes the code 1', async () => {
    const { host, exit, emit } = world();
    await runProcess(options(host, app([{ name: 'x', stop: () => Promise.reject(new Error('no')) }])));
    emit('SIGTERM');
    expect(await exit).toBe(1);
  });
});
