import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { INGEST_LIMITS } from '@productgraph/contracts';
import { RequestRefused } from './fault.ts';

/**
 * Reads a body to its end.
 * @throws RequestRefused body_too_large, malformed_body when it is cut off, unavailable when too many are on their way
 */
export type Receive = (payload: Readable, request: Pick<IncomingMessage, 'headers'>) => Promise<Buffer>;

const RETRY_SECONDS = 1;
const DEFAULT_MAX_TOTAL = 128 * 1024 * 1024;

/**
 * Bodies on their way in, which all together may take `maxTotal` bytes (default 128 MB): however many slow senders there are, memory
 * stays bounded, and those beyond it hear when to try again.
 */
export function createReceive(maxTotal: number = DEFAULT_MAX_TOTAL): Receive {
  let total = 0;

  /** Counts a piece, or says why it is one too many. */
  function refusalOf(size: number): RequestRefused | null {
    if (size > INGEST_LIMITS.bodyBytes) return new RequestRefused('body_too_large');
    if (total <= maxTotal) return null;
    const message = 'Too many bodies are on their way.';
    return new RequestRefused('unavailable', { message, retryAfterSeconds: RETRY_SECONDS });
  }

  return (payload, { headers }) => {
    const declared = Number(headers['content-length'] ?? 0);
    if (declared > INGEST_LIMITS.bodyBytes) return Promise.reject(new RequestRefused('body_too_large'));
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const finish = (settle: () => void): void => {
        payload.off('data', onData).off('end', onEnd).off('error', onCut).off('close', onCut);
        total -= size;
        settle();
      };
      const onData = (chunk: Buffer): void => {
        chunks.push(chunk);
        size += chunk.length;
        total += chunk.length;
        const refusal = refusalOf(size);
        if (refusal !== null) finish(() => reject(refusal));
      };
      // A copy: pieces are views of the socket's read buffers.
      const onEnd = (): void => finish(() => resolve(Buffer.concat(chunks, size)));
      const onCut = (): void => {
        const message = 'The body ended before its announced end.';
        finish(() => reject(new RequestRefused('malformed_body', { message })));
      };
      payload.on('data', onData).on('end', onEnd).on('error', onCut).on('close', onCut);
    });
  };
}
