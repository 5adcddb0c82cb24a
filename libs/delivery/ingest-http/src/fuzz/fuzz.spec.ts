import { unpackLines, type IngestAnswer } from '@productgraph/contracts';
import { decodeEventLine } from '@productgraph/domain-event';
import { fuzzBodies, type FuzzBody } from '@productgraph/testing';
import { describe, expect, it } from 'vitest';
import { NOW, startEdge, type Edge, type Reply } from '../spec-edge.ts';
import { canonical, parseExact, referenceProperties } from './spec-reference.ts';

/*
 * Generated and mutated bodies against the edge: no exception, no 5xx, good neighbours survive, what is accepted reads back as a
 * JSON parser reads it. `FUZZ_SEED` and `FUZZ_BODIES` override.
 */

const SEED = Number(process.env.FUZZ_SEED ?? 20_260_914);
const BODIES = Number(process.env.FUZZ_BODIES ?? 3_000);
const AT_A_TIME = 20;

const oneLine = (text: string): string => text.replaceAll(/[\r\n]/g, ' ');

async function send(edge: Edge, body: FuzzBody): Promise<Reply> {
  const headers = {
    ...(body.contentType !== undefined && { 'content-type': body.contentType }),
    ...(body.encoding !== undefined && { 'content-encoding': body.encoding }),
  };
  return edge.send(body.bytes, { headers });
}

const STATUSES = new Set([202, 400, 413, 415]);

/** What is wrong with the answer; null = nothing. */
function answerFault({ good, events }: FuzzBody, { status, json }: Reply): string | null {
  if (!STATUSES.has(status)) return `status ${status}`;
  if (status !== 202)
    return good.length > 0 ? `refused although there are good events: ${json.error.code}` : errorFault(json);
  const { accepted, rejected, duplicate = 0, errors } = json as IngestAnswer;
  if (accepted < good.length) return `accepted ${accepted} of ${good.length} good events`;
  if (errors.length !== rejected) return `${errors.length} errors for ${rejected} rejected`;
  return events !== null && accepted + rejected + duplicate !== events
    ? `not every one of ${events} has a verdict`
    : null;
}

function errorFault({ error }: { error?: { code?: unknown; message?: unknown; request_id?: unknown } }): string | null {
  const texts = [error?.code, error?.message, error?.request_id];
  return texts.every((text) => typeof text === 'string' && text !== '') ? null : 'not the documented error body';
}

/** Lines of the log with their event as sent. */
function linesOf(edge: Edge): string[] {
  const records = [0, 1, 2, 3].flatMap((partition) => edge.log.memory.records('events', partition));
  return records.flatMap((record) => {
    const lines = unpackLines(record.payload);
    expect(lines).toHaveLength(record.count);
    return lines;
  });
}

describe(`${BODIES} bodies, seed ${SEED}`, () => {
  it('are answered as documented, and what is accepted is what was sent', { timeout: 300_000 }, async () => {
    const edge = await startEdge();
    const next = fuzzBodies({ seed: SEED, prefix: 'good', now: NOW, bombEvery: 1_000 });
    const faults: string[] = [];
    const expected = new Map<string, string>();
    let accepted = 0;
    let rejected = 0;
    for (let sent = 0; sent < BODIES; sent += AT_A_TIME) {
      const bodies = Array.from({ length: AT_A_TIME }, () => next());
      const replies = await Promise.all(bodies.map((body) => send(edge, body)));
      for (const [index, body] of bodies.entries()) {
        const reply = replies[index];
        const fault = reply === undefined ? 'no answer' : answerFault(body, reply);
        if (fault !== null)
          faults.push(`${sent + index} ${body.kind}: ${fault}: ${body.bytes.toString('latin1').slice(0, 300)}`);
        const { accepted: taken = 0, rejected: refused = 0 } = reply?.json as Partial<IngestAnswer>;
        accepted += taken;
        rejected += refused;
        for (const { id, properties } of body.good) expected.set(id, oneLine(properties));
      }
    }
    expect(faults.slice(0, 10)).toEqual([]);
    expect(edge.unexpected).toEqual([]);
    const lines = linesOf(edge);
    expect([lines.length, edge.quarantine().length]).toEqual([accepted, rejected]);
    expect(accepted).toBeGreaterThan(BODIES);
    expect(rejected).toBeGreaterThan(BODIES / 4);
    expect(lineFaults(lines, expected).slice(0, 10)).toEqual([]);
  });
});

const exact = (text: string): string => canonical(parseExact(text));

/** Good events that are missing, doubled or changed; events whose properties are not those of the reference. */
function lineFaults(lines: readonly string[], expected: ReadonlyMap<string, string>): string[] {
  const faults: string[] = [];
  const missing = new Set(expected.keys());
  for (const line of lines) {
    const { eventId, properties } = decodeEventLine(line);
    const [, event] = parseExact(line) as [unknown, unknown];
    if (exact(properties) !== referenceProperties(event)) faults.push(`not as JSON.parse reads it: ${line}`);
    const good = expected.get(eventId);
    if (good === undefined) continue;
    if (!missing.delete(eventId)) faults.push(`doubled: ${eventId}`);
    if (exact(properties) !== exact(good)) faults.push(`changed: ${line}`);
  }
  return [...faults, ...[...missing].map((id) => `missing: ${id}`)];
}
