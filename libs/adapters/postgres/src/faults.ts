/** SQLSTATE classes and codes after which the same work may succeed later. */
const RETRYABLE_STATES = new Set([
  '40001', // serialization failure
  '40P01', // deadlock
  '53100', // disk full
  '53200', // out of memory
  '53300', // too many connections
  '55P03', // lock not available
  '57P01', // administrator shut the server down
  '57P02', // crash of another server process
  '57P03', // server is starting up or shutting down
]);

const RETRYABLE_SYSTEM = new Set([
  'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN',
]); // prettier-ignore

/** What the driver says without a code when a connection breaks or none is to be had. */
const RETRYABLE_TEXT =
  /Connection terminated|connection error and is not queryable|timeout exceeded when trying to connect|Query read timeout|Client was closed/u;

/** The error's SQLSTATE or system code, '' when it has none. */
export function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

/** True when the server or the way to it is at fault and trying again later may help: never for a refused row or wrong SQL. */
export function isRetryable(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isRetryable);
  const code = codeOf(error);
  if (RETRYABLE_STATES.has(code) || code.startsWith('08') || RETRYABLE_SYSTEM.has(code)) return true;
  return error instanceof Error && RETRYABLE_TEXT.test(error.message);
}

/** True when the query was cancelled, by us or by a timeout. */
export function isCancelled(error: unknown): boolean {
  return codeOf(error) === '57014';
}

/** True when the work met a lock that was not to be had: it was waited for too long, or waited for us. */
export function isLockFault(error: unknown): boolean {
  return ['55P03', '40P01'].includes(codeOf(error));
}
