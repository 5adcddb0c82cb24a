import type { LogRecord } from '@productgraph/contracts';

type Held = Pick<LogRecord, 'payload' | 'ids'>;

/** An estimate for the object around payload and ids. */
const OBJECT_BYTES = 512;

/**
 * Counts what records keep in memory. A payload is a view, and as long as one view lives its whole backing buffer does: a
 * few hundred bytes may keep a slab of 64 KB that Node cut them from. Views share slabs, so each buffer counts once.
 * It stays although payloads that we pack hold little more than themselves: others come in pooled slabs shared with request bodies.
 */
export class HeldBuffers {
  readonly #holders = new Map<ArrayBufferLike, number>();
  #bytes = 0;

  /** Bytes kept in memory by what is held now. */
  get bytes(): number {
    return this.#bytes;
  }

  hold({ payload, ids }: Held): void {
    this.#bytes += OBJECT_BYTES;
    this.#hold(payload.buffer);
    this.#hold(ids.buffer);
  }

  /** The record must have been held, and is not any more. */
  release({ payload, ids }: Held): void {
    this.#bytes -= OBJECT_BYTES;
    this.#release(payload.buffer);
    this.#release(ids.buffer);
  }

  #hold(buffer: ArrayBufferLike): void {
    const holders = this.#holders.get(buffer) ?? 0;
    if (holders === 0) this.#bytes += buffer.byteLength;
    this.#holders.set(buffer, holders + 1);
  }

  #release(buffer: ArrayBufferLike): void {
    const holders = this.#holders.get(buffer) ?? 0;
    if (holders > 1) {
      this.#holders.set(buffer, holders - 1);
      return;
    }
    if (this.#holders.delete(buffer)) this.#bytes -= buffer.byteLength;
  }
}
