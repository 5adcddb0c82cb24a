/** Redis, or the way to it, is at fault: what was asked for may or may not have been done, and trying again later may help. */
export class RedisUnavailable extends Error {
  override readonly name = 'RedisUnavailable';
}

/** First words of error replies after which the same call may succeed later. */
const RETRYABLE_REPLIES = new Set([
  'ASK', // slot on the move, redirections used up
  'BUSY', // a script runs too long
  'CLUSTERDOWN', // slot without a master
  'LOADING', // reads its files after a start
  'MASTERDOWN', // replica without its master
  'MISCONF', // cannot write its files
  'MOVED', // slot moved, redirections used up
  'NOREPLICAS', // too few replicas to take a write
  'OOM', // memory is full
  'READONLY', // a replica: the master has changed
  'TRYAGAIN', // keys of one slot on two nodes while it moves
]);

const RETRYABLE_SYSTEM = new Set([
  'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN',
]); // prettier-ignore

/** What the driver says without a code when a connection breaks or none is to be had. */
const RETRYABLE_TEXT =
  /Connection is closed|Too many Cluster redirections|max retries per request|Cluster isn't ready|None of startup nodes|Failed to refresh slots cache|Socket timeout|Stream isn't writeable|Command aborted due to connection close|Command timed out|connect ETIMEDOUT|max number of clients reached/u;

/** True when the server or the way to it is at fault: never for a wrong type, a refused user or a wrong script. */
export function isRetryable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof RedisUnavailable || RETRYABLE_TEXT.test(error.message)) return true;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return RETRYABLE_SYSTEM.has(code) || RETRYABLE_REPLIES.has(replyCodeOf(error));
}

/** First word of an error reply, e.g. `WRONGTYPE`. */
export function replyCodeOf(error: Error): string {
  return /^[A-Z]+(?= )/u.exec(error.message)?.[0] ?? '';
}
