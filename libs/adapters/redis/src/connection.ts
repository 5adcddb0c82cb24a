import { clientOf, type RedisClient } from './client.ts';
import { isRetryable, RedisUnavailable } from './faults.ts';
import { compileRedisOptions, type RedisOptions } from './options.ts';
import { runScript, type ScriptCall } from './script.ts';

/** Connections to one Redis, shared by everything in a process that uses it. */
export interface RedisConnection {
  /** Begins every key and channel. */
  readonly prefix: string;
  /**
   * One command, or a few, within the bound on a call.
   * @param what for the fault's message, e.g. `load of state`
   * @throws RedisUnavailable when trying again later may help; what is wrong with the call itself as it is
   */
  call<T>(what: string, work: (client: RedisClient) => Promise<T>): Promise<T>;
  /** One script, as {@link call}. */
  run(what: string, call: ScriptCall): Promise<unknown>;
  /** A client of its own, for subscriptions; the caller ends it. */
  duplicate(): RedisClient;
  close(): Promise<void>;
}

/**
 * Connects. Broken connections are made again without end; what was sent over them is sent again.
 * @throws InvalidRedisOptions, RedisUnavailable
 */
export async function connectRedis(options: RedisOptions): Promise<RedisConnection> {
  const compiled = compileRedisOptions(options);
  const client = clientOf(compiled);
  const call: RedisConnection['call'] = (what, work) => guarded(what, () => work(client), compiled.timeoutMs);
  try {
    await call('connecting', () => client.connect());
  } catch (error) {
    client.disconnect();
    throw error;
  }
  return {
    prefix: compiled.prefix,
    call,
    run: (what, script) => call(what, () => runScript(client, script)),
    duplicate: () => clientOf(compiled),
    close: async () => {
      await call('closing', () => client.quit()).catch(() => undefined);
      client.disconnect();
    },
  };
}

async function guarded<T>(what: string, work: () => Promise<T>, timeoutMs: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new RedisUnavailable(`Redis: ${what} took over ${timeoutMs} ms`)), timeoutMs);
  try {
    return await Promise.race([work(), late]);
  } catch (error) {
    if (error instanceof RedisUnavailable || !isRetryable(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new RedisUnavailable(`Redis: ${what} failed: ${reason}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
