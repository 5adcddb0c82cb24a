import { ClickHouseError } from '@clickhouse/client';
import type { ClickHouse, ClickHouseNode, Insert, Statement } from '../client/connection.ts';

/** A row with this text is refused by the tables, and by nothing before. */
export const POISON = 'POISON';

const refusal = (): ClickHouseError =>
  new ClickHouseError({ message: `Constraint is violated: ${POISON}`, code: '469', type: 'VIOLATED_CONSTRAINT' });

interface Stored {
  readonly table: string;
  readonly token: string;
  readonly body: string;
}

/**
 * Shards in memory that know tokens, as far as the event store uses them. Rows stay bytes. Something else under a token that is
 * remembered is a fault, as ClickHouse would drop it silently.
 */
export class FakeShards {
  readonly stored: Stored[] = [];
  readonly faults: string[] = [];
  readonly #tokens = new Map<string, string>();
  readonly #shards: number;

  constructor(shards: number) {
    this.#shards = shards;
  }

  /** As when the window has passed. */
  forgetTokens(): void {
    this.#tokens.clear();
  }

  /** How often a text stands in the stored rows of the table. */
  count(table: string, text: string): number {
    return this.stored.filter((one) => one.table === table).reduce((n, { body }) => n + body.split(text).length - 1, 0);
  }

  /** @param around is called around every insert and look */
  client(around: <T>(work: () => T) => Promise<T>): ClickHouse {
    const none = (): Promise<never> => Promise.reject(new TypeError('The fake answers no questions'));
    const node = (shard: number): ClickHouseNode => ({
      name: `shard-${shard}`,
      rows: <T>(statement: Statement) => around(() => this.#look(shard, statement) as T[]),
      each: none,
      command: none,
      insert: (insert) => around(() => this.#insert(shard, insert)),
    });
    const shards = Array.from({ length: this.#shards }, (_, shard) => [node(shard)]);
    return {
      cluster: 'fake',
      database: 'fake',
      shards,
      rows: none,
      onShard: (shard, work) => work(shards[shard]?.[0] ?? node(shard)),
      close: () => Promise.resolve(),
    };
  }

  /** Whether anything of a range, month and shard is there. */
  #look(shard: number, { params = {} }: Statement): { readonly 1: 1 }[] {
    const { first, last, month } = params;
    const end = `:${String(first)}-${String(last)}:${shard}:${String(month)}`;
    return this.stored.some(({ token }) => token.startsWith('events:') && token.endsWith(end)) ? [{ 1: 1 }] : [];
  }

  #insert(shard: number, { sql, body, settings }: Insert): void {
    const [, table = ''] = /INSERT INTO (\w+)/u.exec(sql) ?? [];
    const text = Buffer.concat(body).toString('latin1');
    if (text.includes(POISON)) throw refusal();
    if (table.endsWith('_probe')) return;
    const token = settings.insert_deduplication_token ?? '';
    if (!token.includes(`:${shard}:`)) this.faults.push(`${token} was sent to shard ${shard}`);
    const known = this.#tokens.get(token);
    if (known !== undefined && known !== text) this.faults.push(`Other rows under ${token}`);
    if (known !== undefined) return;
    this.#tokens.set(token, text);
    this.stored.push({ table, token, body: text });
  }
}
