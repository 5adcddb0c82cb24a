import type { PoolClient } from 'pg';
import { isLockFault } from '../faults.ts';
import { withTransaction, type Pools } from '../pool.ts';

/** Records of a segment unless said otherwise: some 100 to 400 MB. Smaller = finer trimming, larger = fewer tables. */
export const SEGMENT_RECORDS = 131_072;

/** A range of offsets of one stream that is one table. */
export interface Segment {
  readonly stream: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Makes the table beside `log` and attaches it: ATTACH, unlike CREATE … PARTITION OF, lets appends and reads go on.
 * Needs the owner role.
 */
export async function createSegment(client: PoolClient, { stream, from, to }: Segment): Promise<void> {
  const name = tableOf(stream, from);
  // Rows up to 8 KB stay in the table's own pages: the usual record (3 KB) would otherwise be cut into side-table rows.
  // Nothing is ever updated or deleted, whole segments are dropped: vacuum would only read it all for nothing.
  await client.query(`
    CREATE TABLE ${name} (LIKE log INCLUDING DEFAULTS INCLUDING STORAGE)
      WITH (toast_tuple_target = 8160, autovacuum_enabled = false, toast.autovacuum_enabled = false);
    ALTER TABLE log ATTACH PARTITION ${name} FOR VALUES FROM (${stream}, ${from}) TO (${stream}, ${to});
    INSERT INTO log_segments (stream, from_offset, to_offset) VALUES (${stream}, ${from}, ${to})`);
}

const tableOf = (stream: number, from: number): string => `log_s${stream}_${from}`;

export interface AheadOptions {
  readonly segmentRecords: number;
  /** Offsets that must be free beyond each head; at least three quarters of a segment are made. */
  readonly room?: number;
}

/**
 * Makes segments so that every stream has room ahead: with the usual size and 5,000 records/s on one partition, for 20 s of
 * appends. Answers how many were made.
 */
export async function makeSegmentsAhead(pools: Pools, { segmentRecords, room = 0 }: AheadOptions): Promise<number> {
  const ahead = Math.max(room, Math.ceil(segmentRecords * 0.75));
  return withTransaction(pools.writer, { role: 'owner' }, async (client) => {
    // One maker at a time; another process's waits here and then finds nothing to do.
    await client.query('SELECT pg_advisory_xact_lock(7310580)');
    const { rows } = await client.query<{ stream: number; top: number; next: number }>(
      `SELECT h.stream, h.next, max(s.to_offset) AS top FROM log_head h JOIN log_segments s USING (stream)
       GROUP BY h.stream, h.next HAVING max(s.to_offset) < h.next + $1 ORDER BY h.stream`,
      [ahead],
    );
    let made = 0;
    for (const { stream, top, next } of rows) {
      for (let from = top; from < next + ahead; from += segmentRecords, made++) {
        await createSegment(client, { stream, from, to: from + segmentRecords });
      }
    }
    return made;
  });
}

export interface TrimOptions {
  /** Wall clock, Unix milliseconds. */
  readonly now: number;
  /** Records younger than this stay, whatever groups say, milliseconds. */
  readonly retentionMs: number;
}

/**
 * Drops the segments that are full, lie wholly before what every group of the stream wants to keep, and whose newest
 * record is older than the retention. A stream that no group reads keeps everything; one ends at its first segment that
 * stays, so that what is left of it has no hole.
 * @returns dropped segments
 */
export async function trimSegments(pools: Pools, options: TrimOptions): Promise<Segment[]> {
  const dropped: Segment[] = [];
  const ended = new Set<number>();
  for (const segment of await unneeded(pools)) {
    if (ended.has(segment.stream)) continue;
    if (await dropSegment(pools, segment, options)) dropped.push(segment);
    else ended.add(segment.stream);
  }
  return dropped;
}

async function unneeded(pools: Pools): Promise<Segment[]> {
  return withTransaction(pools.writer, { role: 'owner' }, async (client) => {
    const { rows } = await client.query<Segment>(
      `SELECT s.stream, s.from_offset AS "from", s.to_offset AS "to"
       FROM log_segments s JOIN log_head h USING (stream)
       WHERE s.to_offset <= h.next
         AND s.to_offset <= (SELECT min(least(g.keep_from, g.position)) FROM group_offsets g WHERE g.stream = s.stream)
       ORDER BY s.stream, s.from_offset`,
    );
    return rows;
  });
}

/** False when the segment is too young or its table was in use for half a second: the next round tries again. */
async function dropSegment(
  pools: Pools,
  { stream, from, to }: Segment,
  { now, retentionMs }: TrimOptions,
): Promise<boolean> {
  try {
    return await withTransaction(pools.writer, { role: 'owner' }, async (client) => {
      const { rows } = await client.query<{ received_at: number }>(
        'SELECT received_at FROM log WHERE stream = $1 AND "offset" = $2',
        [stream, to - 1],
      );
      if ((rows[0]?.received_at ?? now) > now - retentionMs) return false;
      // Dropping needs the whole log for a moment. Whoever comes after a waiting drop waits too, so it may not wait long.
      await client.query(`SET LOCAL lock_timeout = '500ms'`);
      await client.query(`DROP TABLE ${tableOf(stream, from)}`);
      await client.query('DELETE FROM log_segments WHERE stream = $1 AND from_offset = $2', [stream, from]);
      await client.query('UPDATE log_head SET low = greatest(low, $2) WHERE stream = $1', [stream, to]);
      return true;
    });
  } catch (error) {
    if (isLockFault(error)) return false;
    throw error;
  }
}
