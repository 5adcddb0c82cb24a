import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from './error-codes.ts';
import { errorCodesTable } from './error-codes-table.ts';

describe('error codes', () => {
  it('are all in docs/error-codes.md, as they are (npm run docs)', () => {
    const page = readFileSync(new URL('../../../docs/error-codes.md', import.meta.url), 'utf8');
    expect(page).toContain(errorCodesTable());
  });

  it.each(Object.entries(ERROR_CODES))('%s says in whole sentences what happened', (code, { status, meaning }) => {
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(meaning).toMatch(/^[`A-Z].*\.$/);
    if (status !== null) expect(status).toBeGreaterThanOrEqual(400);
  });
});
