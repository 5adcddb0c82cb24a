import type { Clock } from '@productgraph/kernel';
import type { FastifyReply } from 'fastify';
import { Fault } from './fault.ts';

/** Signal of one request: aborted when the client goes away before the answer, or after `timeoutMs`. */
export function requestSignal(reply: FastifyReply, clock: Clock, timeoutMs: number): AbortSignal {
  const request = new AbortController();
  const answered = new AbortController();
  reply.raw.once('close', () => {
    answered.abort();
    if (!reply.raw.writableFinished) request.abort(new ClientGone());
  });
  clock.sleep(timeoutMs, answered.signal).then(
    () => {
      request.abort(tooSlow(timeoutMs));
    },
    () => undefined, // answered in time
  );
  return request.signal;
}

/** The client closed the connection: there is nobody to answer, and nothing to report. */
class ClientGone extends Fault {
  constructor() {
    super('unavailable', 'The client went away.');
  }
}

function tooSlow(timeoutMs: number): Fault {
  const message = `The request took longer than its time budget of ${timeoutMs / 1000} s.`;
  return new Fault('query_too_expensive', message, { budget: 'time', limit: timeoutMs });
}

/** The work's result, or the signal's reason if that comes first, so that a request ends even when its store does not. */
export async function within<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => {
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work(), aborted]);
  } catch (error) {
    // Whatever the store threw because of the abort, the reason is the one to tell.
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
