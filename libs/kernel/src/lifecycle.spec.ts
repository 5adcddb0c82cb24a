import { describe, expect, it } from 'vitest';
import { createLifecycle, type Component } from './lifecycle.ts';

function recorder(): {
  log: string[];
  part: (name: string, faults?: { start?: boolean; stop?: boolean }) => Component;
} {
  const log: string[] = [];
  const act = async (what: string, fails: boolean): Promise<void> => {
    await Promise.resolve();
    log.push(what);
    if (fails) throw new Error(what);
  };
  return {
    log,
    part: (name, faults = {}) => ({
      name,
      start: () => act(`start ${name}`, faults.start ?? false),
      stop: () => act(`stop ${name}`, faults.stop ?? false),
    }),
  };
}

describe('lifecycle', () => {
  it('starts in order and stops in reverse', async () => {
    const { log, part } = recorder();
    const lifecycle = createLifecycle([part('log'), part('consumer'), part('http')]);
    await lifecycle.start();
    await lifecycle.stop();
    expect(log).toEqual(['start log', 'start consumer', 'start http', 'stop http', 'stop consumer', 'stop log']);
  });

  it('rolls back a failed start and tells its cause', async () => {
    const { log, part } = recorder();
    const lifecycle = createLifecycle([part('log'), part('consumer', { start: true }), part('http')]);
    await expect(lifecycle.start()).rejects.toThrow('start consumer');
    expect(log).toEqual(['start log', 'start consumer', 'stop log']);
  });

  it('stops the others when one fails to stop, and reports it', async () => {
    const { log, part } = recorder();
    const failed: string[] = [];
    const lifecycle = createLifecycle([part('log'), part('consumer', { stop: true }), part('http')], {
      onStopFailed: (component) => failed.push(component),
    });
    await lifecycle.start();
    await expect(lifecycle.stop()).rejects.toThrow(AggregateError);
    expect(log.slice(3)).toEqual(['stop http', 'stop consumer', 'stop log']);
    expect(failed).toEqual(['consumer']);
  });

  it('stops once, whoever asks', async () => {
    const { log, part } = recorder();
    const lifecycle = createLifecycle([part('log')]);
    await lifecycle.start();
    await Promise.all([lifecycle.stop(), lifecycle.stop()]);
    expect(log).toEqual(['start log', 'stop log']);
  });

  it('stopped while starting: finishes the start in hand, stops it, and starts nothing more', async () => {
    const { log, part } = recorder();
    const lifecycle = createLifecycle([part('database'), part('log'), part('http')]);
    const start = lifecycle.start();
    await Promise.resolve();
    await lifecycle.stop();
    await start;
    expect(log).toEqual(['start database', 'stop database']);
  });

  it('needs neither start nor stop from a component', async () => {
    const lifecycle = createLifecycle([{ name: 'passive' }]);
    await lifecycle.start();
    await expect(lifecycle.stop()).resolves.toBeUndefined();
  });
});
