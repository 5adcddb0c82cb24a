import { pino } from 'pino';

/** Fields of a log line besides its message; errors go under `err`. */
export type LogFields = Readonly<Record<string, unknown>>;

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Where log lines go. */
export type Logger = Readonly<Record<LogLevel, (fields: LogFields, message: string) => void>>;

export interface LoggerOptions {
  readonly level: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  /** `auto` = text on a terminal, JSON elsewhere. */
  readonly format: 'auto' | 'json' | 'text';
  /** Where the lines go; by default standard output. */
  readonly stream?: LogStream;
}

/** The part of a writable stream that logging needs. */
export interface LogStream {
  readonly isTTY?: boolean;
  write(line: string): unknown;
}

/** A pino logger: one JSON object a line (`level`, `time`, `msg`, fields), or readable text on a terminal. */
export function createLogger({ level, format, stream = process.stdout }: LoggerOptions): Logger {
  const text = format === 'text' || (format === 'auto' && stream.isTTY === true);
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describeError },
  };
  const target = text ? { write: (line: string) => void stream.write(readable(line)) } : stream;
  const logger = pino(options, { write: (line: string) => void target.write(line) });
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  };
}

/** What an error says of itself. Drivers hang whole clients on theirs, connection settings included: those stay out. */
function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, stack, cause } = error;
  const code: unknown = 'code' in error ? error.code : undefined;
  return {
    type: name,
    message,
    stack,
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    ...(cause !== undefined && depth < 5 && { cause: describeError(cause, depth + 1) }),
  };
}

const COLOURS: Readonly<Record<string, number>> = { debug: 90, info: 36, warn: 33, error: 31, fatal: 31 };

/** `12:34:56 warn  message  key=value …`, with the stack of an error below it. */
export function readable(line: string): string {
  const { level, time, msg, err, ...fields } = JSON.parse(line) as Record<string, unknown> & { level: string };
  const clock = String(time).slice(11, 19);
  const rest = Object.entries(fields)
    .filter(([name]) => name !== 'fact')
    .map(([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const head = `\x1b[90m${clock}\x1b[0m \x1b[${COLOURS[level] ?? 0}m${level.padEnd(5)}\x1b[0m ${String(msg)}`;
  const tail = rest.length === 0 ? '' : `\x1b[90m${rest.join('')}\x1b[0m`;
  return `${head}${tail}${errorLines(err)}\n`;
}

function errorLines(err: unknown): string {
  if (typeof err !== 'object' || err === null) return '';
  const { stack, message } = err as { stack?: string; message?: string };
  return `\n  ${(stack ?? message ?? '').replaceAll('\n', '\n  ')}`;
}
