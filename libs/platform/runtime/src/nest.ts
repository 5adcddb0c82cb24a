import 'reflect-metadata';
import { type ArgumentsHost, type DynamicModule, type ExceptionFilter, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { faultOf, replyError } from './http-errors.ts';
import { nestLogger } from './nest-logger.ts';
import type { RuntimeFacts, RuntimeLogger } from './ports.ts';

export interface NestOptions {
  readonly fastify: FastifyInstance;
  readonly logger: RuntimeLogger;
  readonly facts: Pick<RuntimeFacts, 'unexpected'>;
}

/**
 * Mounts a Nest module on a Fastify instance that may already have routes. Nest's own shutdown hooks and process
 * handlers stay off: the process owns the order (kernel lifecycle) and calls `close`.
 */
export async function mountNest(
  module: Type | DynamicModule,
  { fastify, logger, facts }: NestOptions,
): Promise<Pick<NestFastifyApplication, 'close'>> {
  const adapter = new FastifyAdapter(fastify as never);
  // Nest would replace the instance's error handler by one that leads to the filter below; ours answers the same already.
  adapter.setErrorHandler = () => adapter as never;
  const settings = { logger: nestLogger(logger), abortOnError: false };
  // Nest types its options as a class that it does not export.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, settings);
  app.useGlobalFilters(houseFilter(facts));
  await app.init();
  return app;
}

/** Every exception becomes the house's error body; what is no HTTP exception is a bug and is told as one. */
function houseFilter(facts: Pick<RuntimeFacts, 'unexpected'>): ExceptionFilter {
  return {
    catch(exception: unknown, host: ArgumentsHost) {
      if (host.getType<string>() !== 'http') throw exception;
      const http = host.switchToHttp();
      const request = http.getRequest<FastifyRequest>();
      const fault = faultOf(exception);
      if (fault === null) facts.unexpected({ error: exception, where: `${request.method} ${request.url}` });
      void replyError(request, http.getResponse<FastifyReply>(), fault ?? { code: 'internal_error' });
    },
  };
}
