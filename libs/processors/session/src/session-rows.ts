import { packLines, RECORD_LIMITS, type LogRecord, type SessionRow } from '@productgraph/contracts';
import type { Clock, EventLog } from '@productgraph/kernel';

/** Appends session rows to one partition of topic `sessions`; resolves when they are durable. */
export type SessionRowSink = (rows: readonly SessionRow[], partition: number) => Promise<void>;

export interface SessionRowSinkDeps {
  readonly log: Pick<EventLog, 'append'>;
  readonly clock: Clock;
  /** Name of this process, for "who sent this". */
  readonly producer: string;
}

export function createSessionRowSink({ log, clock, producer }: SessionRowSinkDeps): SessionRowSink {
  return async (rows, partition) => {
    if (rows.length === 0) return;
    const records = toRecords(rows, { receivedAt: clock.now(), producer });
    await log.append([{ topic: 'sessions', partition, records }]);
  };
}

function toRecords(rows: readonly SessionRow[], head: Pick<LogRecord, 'receivedAt' | 'producer'>): LogRecord[] {
  const records: LogRecord[] = [];
  let lines: string[] = [];
  let bytes = 0;
  const cut = (): void => {
    if (lines.length === 0) return;
    const payload = packLines(lines);
    records.push({ ...head, schema: 'sessions/1', count: lines.length, ids: new Uint8Array(), counts: {}, payload });
    lines = [];
    bytes = 0;
  };
  for (const row of rows) {
    const line = JSON.stringify(row);
    const size = Buffer.byteLength(line);
    if (lines.length >= RECORD_LIMITS.lines || bytes + size > RECORD_LIMITS.bytes) cut();
    lines.push(line);
    bytes += size;
  }
  cut();
  return records;
}
