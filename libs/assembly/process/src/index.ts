export { createBase, type Base } from './base.ts';
export { eventWriter } from './event-writer.ts';
export { explainWith } from './explain.ts';
export { startable } from './flow.ts';
export { startGroup, stateOfGroup, type Consumer, type Group } from './groups.ts';
export { healthReport } from './health.ts';
export { createServer, ingestOf, mountGraphql, mountIngest } from './http.ts';
export { groupMeters, ledgerMeter, type LedgerSums } from './meters.ts';
export { sessionProcessor, startSettlement, type SessionConsumer } from './sessions.ts';
