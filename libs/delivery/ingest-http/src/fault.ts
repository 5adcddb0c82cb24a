import { ERROR_CODES, type ErrorCode } from '@productgraph/contracts';

/** A whole request is refused. Thrown inside the ingest edge and turned into an answer at its border. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused';
  readonly code: ErrorCode;
  /** Seconds until it is worth trying again; goes into `Retry-After`. */
  readonly retryAfterSeconds: number | null;

  constructor(code: ErrorCode, options: { message?: string; retryAfterSeconds?: number } = {}) {
    super(options.message ?? ERROR_CODES[code].meaning);
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
  }

  get status(): number {
    return ERROR_CODES[this.code].status ?? 500;
  }
}
