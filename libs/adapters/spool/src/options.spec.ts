import { describe, expect, it } from 'vitest';
import { compileBounds } from './options.ts';

describe('compileBounds', () => {
  it('fills in the defaults', () => {
    expect(compileBounds({})).toEqual({
      maxBytes: 1_073_741_824,
      patienceMs: 2_000,
      segmentBytes: 16_777_216,
      batchBytes: 524_288,
    });
  });

  it('names every fault', () => {
    expect(() => compileBounds({ maxBytes: 5, patienceMs: 0.5, segmentBytes: 1, batchBytes: 0 })).toThrow(
      /^maxBytes must .*; patienceMs must be a whole number from 1 to 60000; segmentBytes .*; batchBytes /u,
    );
  });
});
