import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { explainFault, StartFault } from './fault.ts';

const system = (fields: object) => Object.assign(new Error('x'), fields);

describe('explainFault', () => {
  it.each([
    [new StartFault('Something to do.'), 'Something to do.'],
    [
      system({ syscall: 'listen', code: 'EADDRINUSE', port: 8080 }),
      'Port 8080 is in use by another program: stop that or set PORT to another one.',
    ],
    [
      system({ syscall: 'listen', code: 'EACCES', port: 80 }),
      'This user may not listen on port 80: set PORT to one above 1023.',
    ],
    [
      system({ syscall: 'listen', code: 'EADDRNOTAVAIL', address: '10.0.0.1', port: 80 }),
      '10.0.0.1:80 is not an address of this machine: set HOST to 0.0.0.0 or 127.0.0.1.',
    ],
    [
      system({ syscall: 'write', code: 'ENOSPC', path: '/data/x' }),
      'There is no space left for /data/x: free some and start again.',
    ],
    [
      system({ syscall: 'mkdir', code: 'EACCES', path: '/data' }),
      'This user may not write to /data: change its rights or choose another DATA_DIR.',
    ],
    [system({ syscall: 'open', code: 'ENOENT', path: '/data' }), null],
    [new TypeError('a bug'), null],
    ['text', null],
  ])('%s', (error, sentence) => {
    expect(explainFault(error)).toBe(sentence);
  });

  it('knows what Node really throws for a port in use', async () => {
    const first = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => first.once('listening', resolve));
    const { port } = first.address() as { port: number };
    const second = createServer();
    const error = await new Promise((resolve) => second.once('error', resolve).listen(port, '127.0.0.1'));
    first.close();
    expect(explainFault(error)).toContain(`Port ${port} is in use`);
  });
});
