import { INGEST_LIMITS } from '@productgraph/contracts';
import { type ImportTarget, send } from './connection.ts';
import type { LineSource } from './lines.ts';

/** What a line turned out to be. */
export type Translated =
  /** JSON text of a native event, on one line. */
  | { readonly kind: 'event'; readonly json: string }
  | { readonly kind: 'unreadable'; readonly message: string }
  | { readonly kind: 'blank' };

/** Turns a line into an event. `number` counts from 1. Pure: the same line gives the same event, its id included. */
export type Translate = (line: Buffer, number: number) => Translated;

export interface ImportOptions {
  readonly target: ImportTarget;
  readonly source: LineSource;
  readonly translate: Translate;
  /** Events may be of any age. Needs a secret key. */
  readonly historical: boolean;
  readonly onProgress?: (progress: ImportProgress) => void;
}

export interface ImportProgress {
  /** Lines read and sent. */
  readonly lines: number;
  readonly bytesRead: number;
  /** Of the file as stored; null = unknown. */
  readonly size: number | null;
}

/** What became of the lines of a file. */
export interface ImportSummary {
  readonly lines: number;
  readonly blank: number;
  /** Events that the server accepted, those that it has already included. */
  readonly accepted: number;
  /** Events that came twice in one request. */
  readonly duplicate: number;
  /** Lines that are no event: in quarantine, with their line number. */
  readonly unreadable: number;
  /** Events that the server refused: in quarantine. */
  readonly rejected: number;
  /** The first faults, by line. */
  readonly faults: readonly { readonly line: number; readonly code: string; readonly message: string }[];
  readonly seconds: number;
}

const BATCH = { events: INGEST_LIMITS.events, bytes: 4 * 1024 * 1024 };
const FAULTS_SHOWN = 20;
const UNREADABLE_PER_REQUEST = 100;

interface Batch {
  readonly events: string[];
  /** Line number of each event. */
  readonly lines: number[];
  readonly unreadable: { line: number; text: string; message: string }[];
  bytes: number;
}

const newBatch = (): Batch => ({ events: [], lines: [], unreadable: [], bytes: 0 });

/**
 * Sends a file, in order, through the HTTP port. May be interrupted and repeated: ids come from label, line number and line,
 * so what is there already is not added again.
 * @throws ImportRefused when the server refuses the import as a whole
 */
export async function importLines(options: ImportOptions): Promise<ImportSummary> {
  const { source, target, translate } = options;
  const began = target.clock.now();
  const totals = { lines: 0, blank: 0, accepted: 0, duplicate: 0, unreadable: 0, rejected: 0 };
  const faults: ImportSummary['faults'][number][] = [];
  let batch = newBatch();
  // One batch is on its way while the next one is being read: order stays, waiting overlaps.
  let sending: Promise<void> = Promise.resolve();
  const flush = async (): Promise<void> => {
    await sending;
    const [ready, upTo] = [batch, totals.lines];
    batch = newBatch();
    sending = sendBatch(options, ready, { totals, faults }).then(() =>
      options.onProgress?.({ lines: upTo, bytesRead: source.bytesRead(), size: source.size }),
    );
    // Awaited by the next flush; until then a rejection is not unhandled.
    sending.catch(() => undefined);
  };
  for await (const line of source.lines()) {
    target.signal?.throwIfAborted();
    totals.lines++;
    if (!add(batch, { line, number: totals.lines }, translate)) totals.blank++;
    if (isFull(batch)) await flush();
  }
  await flush();
  await sending;
  return { ...totals, faults, seconds: (target.clock.now() - began) / 1000 };
}

function add(batch: Batch, { line, number }: { line: Buffer; number: number }, translate: Translate): boolean {
  const result = translate(line, number);
  if (result.kind === 'event') {
    batch.events.push(result.json);
    batch.lines.push(number);
    batch.bytes += result.json.length;
  } else if (result.kind === 'unreadable') {
    batch.unreadable.push({ line: number, text: line.toString('utf8'), message: result.message });
  }
  return result.kind !== 'blank';
}

function isFull({ events, bytes, unreadable }: Batch): boolean {
  return events.length >= BATCH.events || bytes >= BATCH.bytes || unreadable.length >= UNREADABLE_PER_REQUEST;
}

interface Tally {
  readonly totals: { accepted: number; duplicate: number; unreadable: number; rejected: number };
  readonly faults: ImportSummary['faults'][number][];
}

interface EventsAnswer {
  readonly accepted: number;
  readonly rejected: number;
  readonly duplicate?: number;
  readonly errors: readonly { readonly index: number; readonly code: string; readonly message: string }[];
}

async function sendBatch({ target, source, historical }: ImportOptions, batch: Batch, tally: Tally): Promise<void> {
  const { totals, faults } = tally;
  if (batch.events.length > 0) {
    const { body } = await send(target, {
      method: 'POST',
      path: `/v1/events?historical=${String(historical)}`,
      contentType: 'application/x-ndjson',
      body: batch.events.join('\n'),
    });
    const answer = body as EventsAnswer;
    totals.accepted += answer.accepted;
    totals.rejected += answer.rejected;
    totals.duplicate += answer.duplicate ?? 0;
    for (const { index, code, message } of answer.errors)
      note(faults, { line: batch.lines[index] ?? 0, code, message });
  }
  if (batch.unreadable.length > 0) {
    await send(target, {
      method: 'POST',
      path: '/v1/import/unreadable',
      contentType: 'application/json',
      body: JSON.stringify({ source: source.label, lines: batch.unreadable }),
    });
    totals.unreadable += batch.unreadable.length;
    for (const { line, message } of batch.unreadable) note(faults, { line, code: 'unreadable_line', message });
  }
}

function note(faults: ImportSummary['faults'][number][], fault: ImportSummary['faults'][number]): void {
  if (faults.length < FAULTS_SHOWN) faults.push(fault);
}
