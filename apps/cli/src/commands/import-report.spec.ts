import type { ImportSummary } from '@productgraph/delivery-import-client';
import { expect, it } from 'vitest';
import { report } from './import-report.ts';

const none = { accepted: 0, stored: 0, duplicate: 0, rejected: 0, quarantinedLater: 0 };
const nothing: ImportSummary = {
  lines: 0, blank: 0, accepted: 0, duplicate: 0, unreadable: 0, rejected: 0, faults: [], seconds: 1,
}; // prettier-ignore

it.each([
  ['an empty file', {}, 0],
  ['every line unreadable', { lines: 3, unreadable: 3 }, 1],
  ['every line unreadable or blank', { lines: 3, blank: 1, unreadable: 2 }, 1],
  ['every event refused', { lines: 2, rejected: 2 }, 1],
  ['one good line among bad ones', { lines: 3, accepted: 1, unreadable: 2 }, 0],
  ['a file that is there already', { lines: 3, accepted: 3 }, 0],
])('an import ends with the right exit code: %s', (_what, changes, exitCode) => {
  const result = report('log', { ...nothing, ...changes }, none);
  expect([result.exitCode, result.text.includes('is the file of this format?')]).toEqual([exitCode, exitCode === 1]);
});
