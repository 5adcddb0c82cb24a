import type { Pools } from '../pool.ts';
import { runStatement } from '../statement.ts';

interface Hint {
  readonly group: string;
  readonly stream: number;
  readonly position: number;
  readonly keepFrom: number;
}

const UPSERT = `
  INSERT INTO group_offsets (group_name, stream, position, keep_from)
  SELECT * FROM unnest($1::text[], $2::int[], $3::bigint[], $4::bigint[])
  ON CONFLICT (group_name, stream) DO UPDATE
    SET position = excluded.position, keep_from = excluded.keep_from, updated_at = now()
    WHERE group_offsets.position <> excluded.position OR group_offsets.keep_from <> excluded.keep_from`;

/**
 * What groups no longer need. It is a hint for trimming: an old value only keeps records longer. So it is collected and
 * written about once a second, instead of by a durable transaction per batch.
 */
export class GroupOffsets {
  readonly #pools: Pools;
  readonly #pending = new Map<string, Hint>();

  constructor(pools: Pools) {
    this.#pools = pools;
  }

  note(hint: Hint): void {
    this.#pending.set(`${hint.stream} ${hint.group}`, hint);
  }

  /** Writes what was noted; on a fault it stays noted unless something newer has come. */
  async flush(): Promise<void> {
    if (this.#pending.size === 0) return;
    const hints = [...this.#pending.values()];
    this.#pending.clear();
    const values = [
      hints.map((hint) => hint.group),
      hints.map((hint) => hint.stream),
      hints.map((hint) => hint.position),
      hints.map((hint) => hint.keepFrom),
    ];
    try {
      await runStatement(this.#pools.statements, 'writer', { text: UPSERT, values });
    } catch (error) {
      for (const hint of hints) {
        const key = `${hint.stream} ${hint.group}`;
        if (!this.#pending.has(key)) this.#pending.set(key, hint);
      }
      throw error;
    }
  }

  /** From now on the group holds back trimming of these streams, from where it was or from their start. */
  async register(group: string, streams: readonly number[]): Promise<void> {
    await runStatement(this.#pools.statements, 'writer', {
      text: `INSERT INTO group_offsets (group_name, stream, position, keep_from)
             SELECT $1, stream, low, low FROM log_head WHERE stream = ANY($2::int[]) ON CONFLICT DO NOTHING`,
      values: [group, streams],
    });
  }
}
