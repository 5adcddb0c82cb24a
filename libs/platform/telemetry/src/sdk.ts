import { context, trace } from '@opentelemetry/api';
import type { SpanProcessor } from '@opentelemetry/sdk-trace';
import { createTracing, noTracing, type Tracing } from './tracing.ts';

export interface TracingOptions {
  /** Base URL of an OTLP/HTTP collector; null = traces are off and the SDK is not even loaded (about 30 MB). */
  readonly endpoint: string | null;
  readonly serviceName: string;
  /** Part of the requests without a trace of their own that begin one, 0 to 1. */
  readonly sampleRatio: number;
}

/** Starts the OpenTelemetry SDK when there is somewhere to send to. */
export async function startTracing(options: TracingOptions): Promise<Tracing> {
  if (options.endpoint === null) return noTracing;
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  const { BatchSpanProcessor } = await import('@opentelemetry/sdk-trace');
  const url = `${options.endpoint.replace(/\/+$/, '')}/v1/traces`;
  return startSdk(options, new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url }) }));
}

/** Registers the SDK with one span processor; `stop` flushes it and takes it out again. */
export async function startSdk(
  { serviceName, sampleRatio }: Omit<TracingOptions, 'endpoint'>,
  processor: SpanProcessor,
): Promise<Tracing> {
  const { NodeSDK } = await import('@opentelemetry/sdk-node');
  const { ParentBasedSampler, TraceIdRatioBasedSampler } = await import('@opentelemetry/sdk-trace');
  const sdk = new NodeSDK({
    serviceName,
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(sampleRatio) }),
    spanProcessors: [processor],
    metricReaders: [],
    logRecordProcessors: [],
    textMapPropagator: null,
    autoDetectResources: false,
  });
  sdk.start();
  return createTracing(async () => {
    await sdk.shutdown();
    trace.disable();
    context.disable();
  });
}
