import type { StatePut, StateSave } from '@productgraph/kernel';
import { scriptOf, type ScriptArgument } from '../script.ts';
import { StateTooLarge, toKeyBytes, toValueBytes } from './text.ts';

/**
 * Compare-and-set of a partition. Redis runs it alone and writes its effects to file and replicas as one transaction.
 * A script that fails half-way is not undone, so whatever can fail does before the first write: `#!lua` refuses to begin
 * when memory is full, files cannot be written or this is a replica, and the first three commands refuse wrong types.
 * Lua's `unpack` takes fewer than 8,000 elements, hence the steps of 4,000.
 *
 * KEYS position, values, due
 * ARGV 1 expected revision  2 id of the save that made it ('' = any)  3 id of this save  4 new revision
 *      5 next  6 windowStart ('' = none)  7 time  8-11 how many of the following belong to
 *      12… field, value …, then score, member …, then members without a timer, then fields to delete
 * Answers 1 = saved (now, or by an earlier sending of this call), 0 = another revision is the current one.
 */
export const SAVE = scriptOf(`#!lua
local position = redis.call('HMGET', KEYS[1], 'revision', 'save')
redis.call('HLEN', KEYS[2])
redis.call('ZCARD', KEYS[3])
local revision = position[1] or '0'
if revision == ARGV[4] and position[2] == ARGV[3] then return 1 end
if revision ~= ARGV[1] then return 0 end
if ARGV[2] ~= '' and position[2] ~= ARGV[2] then return 0 end
local at = 12
local function all(command, key, count)
  local after = at + tonumber(count)
  while at < after do
    local last = math.min(at + 4000, after) - 1
    redis.call(command, key, unpack(ARGV, at, last))
    at = last + 1
  end
end
all('HSET', KEYS[2], ARGV[8])
all('ZADD', KEYS[3], ARGV[9])
all('ZREM', KEYS[3], ARGV[10])
all('HDEL', KEYS[2], ARGV[11])
redis.call('HSET', KEYS[1], 'revision', ARGV[4], 'save', ARGV[3], 'next', ARGV[5], 'windowStart', ARGV[6], 'time', ARGV[7])
return 1
`);

/**
 * Bounds of one save: a server is busy for its whole length and takes no more than 1 GB and 1,048,576 arguments.
 * 100 ms at 100,000 changes of 600 bytes; the runner's saves are far smaller.
 */
export const MAX_CHANGES = 250_000;
const MAX_SAVE_BYTES = 256 * 1024 * 1024;

/** Which save this is and on which one it builds. */
export interface SaveIds {
  /** '' = any that has the expected revision. */
  readonly base: string;
  readonly own: string;
}

/**
 * Arguments of {@link SAVE}.
 * @throws StateTooLarge for a value or all of them together
 * @throws RangeError for a timer that is no time
 */
export function saveArguments(save: StateSave, { base, own }: SaveIds): ScriptArgument[] {
  // Of several puts of a key the last one counts, and a put over a delete.
  const puts = new Map(save.puts.map((put): [string, StatePut] => [put.key, put]));
  const changes = puts.size + save.deletes.length;
  if (changes > MAX_CHANGES) {
    throw new StateTooLarge(`A save changes ${changes} keys; at most ${MAX_CHANGES} are changed at once.`);
  }
  const values: ScriptArgument[] = [];
  const timers: ScriptArgument[] = [];
  const untimed: ScriptArgument[] = [];
  const deletes: ScriptArgument[] = [];
  let bytes = 0;
  for (const { key, value, due } of puts.values()) {
    const [field, text] = [toKeyBytes(key), toValueBytes(value, key)];
    values.push(field, text);
    bytes += text.length;
    if (bytes > MAX_SAVE_BYTES) {
      throw new StateTooLarge(`A save has over ${MAX_SAVE_BYTES} bytes of values: more are not saved at once.`);
    }
    if (due === null) untimed.push(field);
    else timers.push(score(due, key), field);
  }
  for (const key of save.deletes) if (!puts.has(key)) deletes.push(toKeyBytes(key));
  const { expectedRevision, next, windowStart, time } = save;
  const head = [expectedRevision, base, own, expectedRevision + 1, next, windowStart ?? '', time];
  const counts = [values.length, timers.length, untimed.length + deletes.length, deletes.length];
  return [...[...head, ...counts].map(String), ...values, ...timers, ...untimed, ...deletes, ...deletes];
}

function score(due: number, key: string): string {
  if (Number.isFinite(due)) return String(due);
  throw new RangeError(`The timer of key ${JSON.stringify(key.slice(0, 200))} is at ${due}, which is no time.`);
}
