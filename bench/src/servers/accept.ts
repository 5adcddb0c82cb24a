/**
 * The candidate of B1 and B2: the product's ingest routes over a log that drops what it is given.
 * Argument `drop`: records are filled, then dropped before they are compressed (the accept stage alone); `pack`: compressed as well.
 */
import { generateKey } from '@productgraph/contracts';
import { createIngest, registerIngest } from '@productgraph/delivery-ingest-http';
import type { KeyDirectory, Project } from '@productgraph/domain-tenant';
import type { Append } from '@productgraph/kernel';
import { createTelemetry } from '@productgraph/platform-telemetry';
import { systemClock } from '@productgraph/platform-runtime';
import { fastify } from 'fastify';
import type { AddressInfo } from 'node:net';

const writeKey = generateKey('pgw');
const project: Project = {
  id: '01900000-0000-7000-8000-000000000001',
  orgId: '01900000-0000-7000-8000-000000000002',
  name: 'bench',
  timeZone: 'UTC',
  retentionDays: 90,
  sessionIdleMinutes: 30,
  sessionMaxHours: 24,
  limits: {},
  quota: { eventsPerSecond: null, eventsPerMonth: null },
  createdAt: 0,
};
const keys: KeyDirectory = {
  findByHash: () =>
    Promise.resolve({
      project,
      key: {
        id: 'k', orgId: project.orgId, projectId: project.id, kind: 'pgw', name: 'bench', prefix: writeKey.slice(0, 10),
        role: null, allowedOrigins: [], createdAt: 0, disabledAt: null, revokedAt: null,
      },
    }),
}; // prettier-ignore

let events = 0;
const log = {
  topic: () => Promise.resolve({ topic: 'events', generation: 1, partitions: 4, dedupeWindow: 50_000 } as const),
  append(appends: readonly Append[]) {
    for (const { records } of appends) for (const record of records) events += record.count;
    return Promise.resolve(appends.map(() => 0));
  },
};
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };
function nothing(): void {
  // The benchmark's server logs nothing.
}

const { ingest: facts } = createTelemetry({ logger: silent, now: Date.now, runtimeMetrics: false });
const app = fastify({ logger: false, routerOptions: { ignoreTrailingSlash: true } });
const dropped = new Uint8Array();
const packing = process.argv[2] === 'drop' ? { pack: () => dropped } : {};
const usage = { acceptedInMonth: () => Promise.resolve(0) };
const ingest = createIngest({ log, keys, usage, clock: systemClock, facts, producer: 'bench', ...packing });
const desk = {
  counts: () => Promise.reject(new Error('not here')),
  settle: () => Promise.reject(new Error('not here')),
};
await registerIngest(app, { ingest, desk, clock: systemClock, facts });
app.get('/bench/key', () => writeKey);
await app.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`${JSON.stringify({ port: (app.server.address() as AddressInfo).port })}\n`);
process.on('SIGTERM', () => {
  process.stderr.write(`ingest-http: ${String(events)} events\n`);
  process.exit(0);
});
