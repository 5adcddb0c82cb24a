import 'reflect-metadata';
import type { DynamicModule, INestMicroservice, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { PartitionTransport } from './partition-transport.ts';
import { nestLogger } from './nest-logger.ts';
import type { RuntimeLogger } from './ports.ts';

/**
 * Starts a Nest microservice over a transport. Nest's own shutdown hooks stay off: the process owns the order and calls `close`.
 * @throws what the transport could not do
 */
export async function startMicroservice(
  module: Type | DynamicModule,
  { transport, logger }: { readonly transport: PartitionTransport; readonly logger: RuntimeLogger },
): Promise<Pick<INestMicroservice, 'close'>> {
  const app = await NestFactory.createMicroservice(module, {
    strategy: transport,
    logger: nestLogger(logger),
    abortOnError: false,
  });
  await app.listen();
  return app;
}
