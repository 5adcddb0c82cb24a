import { createLifecycle } from '@productgraph/kernel';
import { describe, expect, it } from 'vitest';
import { part } from './part.ts';

describe('part', () => {
  it('gives what its start made to later ones and to its stop', async () => {
    const log: string[] = [];
    const url = part(
      'database',
      () => 'postgres://x',
      (value) => log.push(`close ${value}`),
    );
    const pool = part(
      'pool',
      async () => ({ of: url.value }),
      ({ of }) => log.push(`end pool of ${of}`),
    );
    const lifecycle = createLifecycle([url, pool]);
    await lifecycle.start();
    expect(pool.value).toEqual({ of: 'postgres://x' });
    await lifecycle.stop();
    expect(log).toEqual(['end pool of postgres://x', 'close postgres://x']);
  });

  it('names what is used too early', async () => {
    const late = part('late', () => 1);
    const early = part('early', () => late.value);
    await expect(createLifecycle([early, late]).start()).rejects.toThrow('late is used before it has been started');
  });
});
