import { afterEach, beforeEach, describe } from 'vitest';
import { exactnessCases } from './exactness-cases.ts';
import { openWorld, type EventStoreFixture, type EventStoreWorld } from './fixture.ts';
import { headCases } from './head-cases.ts';
import { ledgerCases } from './ledger-cases.ts';
import { poisonCases } from './poison-cases.ts';
import { quarantineCases } from './quarantine-cases.ts';
import { settlementCases } from './settlement-cases.ts';

/** The contract of EventStore and LedgerStore: what every event store promises, on whatever it is built. */
export function eventStoreSuite(name: string, open: () => Promise<EventStoreFixture>): void {
  describe(`event store: ${name}`, () => {
    let world: EventStoreWorld;
    beforeEach(async () => void (world = await openWorld(open)));
    afterEach(() => world.close());

    describe('head', () => headCases(() => world));
    describe('exactness', () => exactnessCases(() => world));
    describe('ledger', () => ledgerCases(() => world));
    describe('poison', () => poisonCases(() => world));
    describe('quarantine', () => quarantineCases(() => world));
    describe('sessions and settlement', () => settlementCases(() => world));
  });
}
