import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { explainFault } from '@productgraph/platform-runtime';
import { expect, it } from 'vitest';
import type { StarterConfig } from './config.ts';
import { checkPort } from './port.ts';

const at = (port: number) => checkPort({ server: { host: '127.0.0.1', port } as StarterConfig['server'] });

it('a port in use is told in the words of the server itself, and a free one stays free', async () => {
  const squatter = createServer().listen(0, '127.0.0.1');
  await once(squatter, 'listening');
  const { port } = squatter.address() as AddressInfo;
  const fault: unknown = await at(port).catch((error: unknown) => error);
  expect(explainFault(fault)).toBe(`Port ${port} is in use by another program: stop that or set PORT to another one.`);
  squatter.close();
  await once(squatter, 'close');
  await at(port);
  await at(port);
  await at(0);
});
