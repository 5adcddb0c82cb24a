import 'reflect-metadata';
import { Module, type INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { PartitionTransport } from './partition-transport.ts';
import { nestLogger } from './nest-logger.ts';
import type { RuntimeLogger } from './ports.ts';

/** What the transport hosts needs nothing of Nest's container. */
@Module({})
class Processors {}

/**
 * Starts a Nest microservice over a transport. Nest's own shutdown hooks stay off: the process owns the order and calls `close`.
 * @throws what the transport could not do
 */
export async function startMicroservice(
  transport: PartitionTransport,
  logger: RuntimeLogger,
): Promise<Pick<INestMicroservice, 'close'>> {
  const options = { strategy: transport, logger: nestLogger(logger), abortOnError: false };
  // Nest types its options as a class that it does not export.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment
  const app = await NestFactory.createMicroservice(Processors, options);
  await app.listen();
  return app;
}
