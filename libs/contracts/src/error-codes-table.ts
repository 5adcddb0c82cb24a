import { ERROR_CODES } from './error-codes.ts';

/** The table of docs/error-codes.md: whole-request faults first, by status, then verdicts on single events. */
export function errorCodesTable(): string {
  const rows = Object.entries(ERROR_CODES).sort(([, a], [, b]) => (a.status ?? 1000) - (b.status ?? 1000));
  const line = ([code, { status, meaning }]: (typeof rows)[number]): string =>
    `| \`${code}\` | ${status === null ? 'one event' : String(status)} | ${meaning} |`;
  return ['| code | HTTP status | meaning |', '| --- | --- | --- |', ...rows.map(line)].join('\n');
}
