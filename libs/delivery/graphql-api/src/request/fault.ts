import { ERROR_CODES, type ErrorCode } from '@productgraph/contracts';

/** An expected refusal with a code of the closed list. `details` go into the error's extensions. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string = ERROR_CODES[code].meaning, details: Record<string, unknown> = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/** The same answer whether the thing is absent, of another tenant, or the id is not even an id. */
export function notFound(what: string): Fault {
  return new Fault('not_found', `There is no such ${what}, or nothing that the token may see.`);
}
