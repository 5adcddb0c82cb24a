import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** One ClickHouse server over its HTTP port. */
export class Shard {
  readonly #url: URL;
  readonly #headers: Readonly<Record<string, string>>;

  /** @param url with user and password */
  constructor(url: string) {
    this.#url = new URL(url);
    this.#headers = {
      'X-ClickHouse-User': this.#url.username,
      'X-ClickHouse-Key': this.#url.password,
      'X-ClickHouse-Database': 'productgraph',
    };
    [this.#url.username, this.#url.password] = ['', ''];
  }

  /** Answer of a statement as text. */
  async text(sql: string): Promise<string> {
    return (await this.#ask(sql)).text();
  }

  /** The first column of the first row as a number. */
  async number(sql: string): Promise<number> {
    return Number(await this.text(sql));
  }

  /** Writes what a SELECT … FORMAT answers to a file. */
  async toFile(sql: string, file: string): Promise<void> {
    const { body } = await this.#ask(sql);
    if (body === null) throw new Error(`No answer to ${sql}`);
    await pipeline(Readable.fromWeb(body), createWriteStream(file));
  }

  /** Sends a file as the rows of an INSERT … FORMAT, taken in by one thread. */
  async fromFile(sql: string, file: string): Promise<void> {
    const body = Readable.toWeb(createReadStream(file, { highWaterMark: 1 << 20 }));
    await this.#ask(sql, { body: body as unknown as NonNullable<RequestInit['body']>, settings: ONE_THREAD });
  }

  async #ask(sql: string, { body, settings = {} }: Sending = {}): Promise<Response> {
    const url = new URL(this.#url);
    for (const [name, value] of Object.entries({ ...settings, ...(body && { query: sql }) }))
      url.searchParams.set(name, value);
    const response = await fetch(url, {
      method: 'POST',
      headers: this.#headers,
      body: body ?? sql,
      ...(body && { duplex: 'half' }),
    });
    if (!response.ok) throw new Error(`ClickHouse: ${await response.text()}`);
    return response;
  }
}

interface Sending {
  readonly body?: NonNullable<RequestInit['body']>;
  readonly settings?: Readonly<Record<string, string>>;
}

const ONE_THREAD = { max_threads: '1', max_insert_threads: '1', input_format_parallel_parsing: '0' };
