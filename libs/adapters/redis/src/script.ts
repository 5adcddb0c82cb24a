import { createHash } from 'node:crypto';

/** A Lua script that runs at once or not at all, with the name by which servers keep it. */
export interface Script {
  readonly lua: string;
  readonly sha: string;
}

/** Arguments as they go over the wire. */
export type ScriptArgument = string | Buffer;

export function scriptOf(lua: string): Script {
  return { lua, sha: createHash('sha1').update(lua).digest('hex') };
}

/** What a call of a script names: all keys it touches, of one slot, and the rest. */
export interface ScriptCall {
  readonly script: Script;
  readonly keys: readonly string[];
  readonly args: readonly ScriptArgument[];
}

/** The part of both kinds of client that runs scripts. */
export interface ScriptClient {
  call(command: string, args: ScriptArgument[]): Promise<unknown>;
}

/**
 * Runs it by its name; a server that does not know the name (new, restarted, just promoted, flushed) is told the text.
 * Arguments travel as one array: a call with 200,000 of them would overflow the stack.
 */
export async function runScript(client: ScriptClient, { script, keys, args }: ScriptCall): Promise<unknown> {
  const rest = [String(keys.length), ...keys, ...args];
  try {
    return await client.call('evalsha', [script.sha, ...rest]);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return client.call('eval', [script.lua, ...rest]);
  }
}
