import type { LogRecord, RecordCounts, RecordSchema } from '@productgraph/contracts';
import type { ConsumedRecord } from '@productgraph/kernel';
import { binaryArray } from '../binary-array.ts';
import type { Pools } from '../pool.ts';
import { runStatement, type Statement } from '../statement.ts';

/** Records for one stream, in order. */
export interface StreamAppend {
  readonly stream: number;
  readonly records: readonly LogRecord[];
}

const APPEND = `SELECT log_append($1::int[], $2::int[], $3::bigint[], $4::text[], $5::int[], $6::bytea[], $7::text[], $8::text[],
  $9::text[], $10::bytea[]) AS firsts`;

/** The call of log_append for appends sorted by stream, each stream once. */
export function appendStatement(appends: readonly StreamAppend[]): Statement {
  const records = appends.flatMap((append) => append.records);
  return {
    text: APPEND,
    values: [
      appends.map((append) => append.stream),
      appends.map((append) => append.records.length),
      records.map((record) => record.receivedAt),
      records.map((record) => record.schema),
      records.map((record) => record.count),
      binaryArray(
        'bytea',
        records.map((record) => record.ids),
      ),
      binaryArray(
        'text',
        records.map((record) => JSON.stringify(record.counts)),
      ),
      records.map((record) => record.traceparent ?? null),
      records.map((record) => record.producer),
      binaryArray(
        'bytea',
        records.map((record) => record.payload),
      ),
    ],
  };
}

interface RecordRow {
  readonly offset: number;
  readonly received_at: number;
  readonly schema: RecordSchema;
  readonly count: number;
  readonly ids: Buffer;
  readonly counts: string;
  readonly traceparent: string | null;
  readonly producer: string;
  readonly payload: Buffer;
}

/** Reads at most `max` records of a stream from `offset` on. */
export async function readRecords(
  pools: Pools,
  stream: number,
  range: { readonly offset: number; readonly max: number },
): Promise<ConsumedRecord[]> {
  const { rows } = await runStatement<RecordRow>(pools.statements, 'writer', {
    text: `SELECT "offset", received_at, schema, count, ids, counts, traceparent, producer, payload FROM log
           WHERE stream = $1 AND "offset" >= $2 ORDER BY "offset" LIMIT $3`,
    values: [stream, range.offset, range.max],
  });
  return rows.map(fromRow);
}

function fromRow(row: RecordRow): ConsumedRecord {
  return {
    offset: row.offset,
    receivedAt: row.received_at,
    schema: row.schema,
    count: row.count,
    ids: row.ids,
    counts: JSON.parse(row.counts) as RecordCounts,
    producer: row.producer,
    payload: row.payload,
    ...(row.traceparent !== null && { traceparent: row.traceparent }),
  };
}
