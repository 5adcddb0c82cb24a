import { ClickHouseError } from '@clickhouse/client';

/** ClickHouse, or the way to it, is at fault: what was asked for may or may not have been done, and trying again later may help. */
export class ClickHouseUnavailable extends Error {
  override readonly name = 'ClickHouseUnavailable';
}

/** Error codes after which the same call may succeed later, or on another replica. */
const RETRYABLE = new Set([
  '159', // timeout exceeded
  '160', // estimated to be too slow
  '202', // too many queries at once
  '203', // no free connection
  '209', // socket timeout
  '210', // network
  '225', // no Keeper
  '236', // aborted: shutting down
  '241', // memory limit
  '242', // table is read only
  '243', // no space left
  '252', // too many parts
  '279', // no server of the cluster answers
  '285', // too few live replicas
  '286', // previous write has no quorum yet
  '319', // unknown status of an insert
  '394', // query was cancelled
  '425', // operating system
  '439', // no thread
  '473', // deadlock avoided
  '499', // object storage
  '722', // table is being loaded
  '999', // Keeper
]);

const RETRYABLE_SYSTEM = new Set([
  'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN',
  'ERR_STREAM_PREMATURE_CLOSE',
]); // prettier-ignore

/** What the driver and Node say without a code. */
const RETRYABLE_TEXT = /^Timeout error|socket hang up|aborted/iu;

/** Number of a server's fault, e.g. `60` = unknown table; empty for any other error. */
export function codeOf(error: unknown): string {
  if (error instanceof ClickHouseUnavailable) return codeOf(error.cause);
  return error instanceof ClickHouseError ? error.code : '';
}

/** True when the server or the way to it is at fault: never for wrong statements, unknown tables, refused users or data. */
export function isRetryable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof ClickHouseUnavailable) return true;
  if (error instanceof ClickHouseError) return RETRYABLE.has(error.code);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return RETRYABLE_SYSTEM.has(code) || RETRYABLE_TEXT.test(error.message);
}

/** Error codes that blame the rows of an insert. */
const DATA = new Set([
  '6', '26', '27', '33', '38', '41', '53', '69', '70', '72', '117', '131', '190', '321', '349', '376', '407', '441', '469',
]); // prettier-ignore

/** True when the server refuses these very rows: the same insert fails again, whatever is done. */
export function isRefusal(error: unknown): boolean {
  return DATA.has(codeOf(error));
}

/** First line of what the server or the driver says. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split('\n')[0] ?? '').replace(/^Code: \d+\. DB::Exception: /u, '');
}
