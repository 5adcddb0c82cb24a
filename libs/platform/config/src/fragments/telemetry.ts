import { choice, number, optionalUrl, text } from '../setting.ts';

/** Logs and traces; metrics are always on at /metrics. */
export const telemetrySettings = {
  logLevel: choice('LOG_LEVEL', ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    fallback: 'info',
    about: 'Least important log line that is written.',
  }),
  logFormat: choice('LOG_FORMAT', ['auto', 'json', 'text'], {
    fallback: 'auto',
    about: 'Form of log lines; auto = text on a terminal, JSON elsewhere.',
  }),
  otlpEndpoint: optionalUrl('OTEL_EXPORTER_OTLP_ENDPOINT', ['http', 'https'], {
    about: 'OpenTelemetry collector (OTLP over HTTP) for traces; traces are off without it.',
  }),
  serviceName: text('OTEL_SERVICE_NAME', {
    fallback: 'productgraph',
    allowed: 'a name of 1 to 100 characters',
    max: 100,
    about: 'Name of this process in traces.',
  }),
  sampleRatio: number('OTEL_TRACES_SAMPLER_ARG', {
    fallback: 1,
    min: 0,
    max: 1,
    fraction: true,
    about: 'Part of the requests without a trace of their own that begin one.',
  }),
} as const;
