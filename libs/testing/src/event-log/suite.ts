import { describe } from 'vitest';
import { appendCases } from './append-cases.ts';
import { consumeCases } from './consume-cases.ts';
import { faultCases } from './fault-cases.ts';
import type { EventLogFactory } from './tools.ts';

/** The contract of {@link EventLogFixture.log}: what every event log promises, on whatever it is built. */
export function eventLogSuite(name: string, open: EventLogFactory): void {
  describe(`event log: ${name}`, () => {
    describe('append', () => appendCases(open));
    describe('consume', () => consumeCases(open));
    describe('faults, lag, trimming', () => faultCases(open));
  });
}
