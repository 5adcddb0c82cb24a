import type { SettlementRequest } from '@productgraph/domain-session';
import type { PartitionRef } from '@productgraph/kernel';
import { CatchUp, sessionGroup } from './catch-up.ts';
import { settlementDefaults, type SettlementDeps, type SettlementOptions } from './options.ts';
import type { SettleTarget } from './settle-user.ts';
import { settleUnit, type UnitResult } from './unit.ts';

/** `idle`: nothing to settle now. `waiting`: the store has not caught up. `worked`: something was done, there may be more. */
export type SettlementRun = 'idle' | 'waiting' | 'worked';

/** Settlement of one partition; calls must not overlap. */
export interface PartitionSettlement {
  run(): Promise<SettlementRun>;
}

const HOUR = 3_600_000;
/** Hours without any user that one run may pass. */
const EMPTY_UNITS = 500;

type Kind = 'hour' | 'request' | 'deferred';

/** Work found, not yet done. */
interface Work {
  readonly kind: Kind;
  readonly receivedFrom: number;
  readonly receivedTo: number;
  users(): Promise<readonly SettleTarget[]>;
  /** Makes it durable that the work is done. */
  done(result: UnitResult): Promise<void>;
}

class Settlement implements PartitionSettlement {
  readonly #partition: PartitionRef;
  readonly #deps: SettlementDeps;
  readonly #options: Required<SettlementOptions>;
  #isRegistered = false;
  #time = 0;
  #catchUp: CatchUp | null = null;
  /** Requests known when catching up began, and from which time of receipt on each is still to be done. */
  #requests: { readonly request: SettlementRequest; readonly from: number }[] = [];
  /** Hours of receipt and requests take turns: no request, however long, holds up the others. */
  #isHoursTurn = false;

  constructor(partition: PartitionRef, deps: SettlementDeps) {
    this.#partition = partition;
    this.#deps = deps;
    this.#options = settlementDefaults(deps.options);
  }

  async run(): Promise<SettlementRun> {
    await this.#prepare();
    if ((await this.#next()) === null) return this.#end('idle');
    const missing = (await this.#catchUp?.missing()) ?? null;
    if (missing === null) return this.#work();
    this.#deps.telemetry.waiting({ partition: this.#partition, for: missing });
    return 'waiting';
  }

  async #prepare(): Promise<void> {
    if (!this.#isRegistered) await this.#deps.progress.register(this.#partition.partition);
    this.#isRegistered = true;
    await this.#passTime();
    if (this.#catchUp === null) await this.#begin();
  }

  /** Unit after unit until something was corrected, which has to be stored before the next look. */
  async #work(): Promise<SettlementRun> {
    for (let empty = 0; empty < EMPTY_UNITS; empty++) {
      const work = await this.#next();
      if (work === null) return this.#end('worked');
      if (!(await this.#do(work))) continue;
      this.#catchUp?.again();
      break;
    }
    return 'worked';
  }

  /** Requests are read before the log's end is noted: what a request speaks of was in the log before it. */
  async #begin(): Promise<void> {
    const requests = await this.#deps.progress.requests(this.#partition.partition);
    this.#requests = requests.map((request) => ({ request, from: request.receivedFrom }));
    this.#catchUp = await CatchUp.begin(this.#partition, this.#deps);
  }

  #end(run: SettlementRun): SettlementRun {
    this.#catchUp = null;
    this.#requests = [];
    return run;
  }

  /** Runner time of the live fold; at the log's end it follows the clock. Never goes back. */
  async #passTime(): Promise<void> {
    const { next, time } = await this.#deps.state.position(sessionGroup(this.#partition));
    const { high } = await this.#deps.log.watermarks(this.#partition);
    this.#time = Math.max(this.#time, (next ?? 0) >= high ? this.#deps.clock.now() : time);
  }

  async #next(): Promise<Work | null> {
    const deferred = await this.#nextDeferred();
    if (deferred !== null) return deferred;
    const hour = this.#isHoursTurn ? await this.#nextHour() : null;
    return hour ?? this.#nextRequest() ?? (await this.#nextHour());
  }

  async #nextDeferred(): Promise<Work | null> {
    const { progress } = this.#deps;
    const { partition } = this.#partition;
    const users = await progress.deferred(partition, this.#time);
    if (users.length === 0) return null;
    return {
      kind: 'deferred',
      receivedFrom: 0,
      receivedTo: 0,
      users: () => Promise.resolve(users.map((user) => ({ ...user, events: 0 }))),
      done: async ({ deferred }) => {
        await progress.defer(partition, deferred);
        await progress.undefer(partition, users);
      },
    };
  }

  /** A request is done hour by hour of receipt; after a crash from its beginning again. */
  #nextRequest(): Work | null {
    const { progress } = this.#deps;
    const [pending] = this.#requests;
    if (pending === undefined) return null;
    const { request, from: receivedFrom } = pending;
    const receivedTo = Math.min(receivedFrom + HOUR, request.receivedTo);
    return {
      kind: 'request',
      receivedFrom,
      receivedTo,
      users: async () => {
        const touched = await this.#touched(receivedFrom, receivedTo);
        return touched.filter((user) => user.projectId === request.projectId);
      },
      done: async ({ deferred }) => {
        await progress.defer(this.#partition.partition, deferred);
        if (receivedTo >= request.receivedTo) await progress.completeRequest(this.#partition.partition, request);
        this.#requests.shift();
        // The next hour of it after those of the others.
        if (receivedTo < request.receivedTo) this.#requests.push({ request, from: receivedTo });
      },
    };
  }

  /** The first look covers everything received before the lateness bound, then it goes hour by hour. */
  async #nextHour(): Promise<Work | null> {
    const { progress } = this.#deps;
    const { partition } = this.#partition;
    const { latenessMs } = this.#options;
    const through = await progress.settledThrough(partition);
    const receivedFrom = through ?? 0;
    const bound = Math.floor((this.#time - latenessMs) / HOUR) * HOUR;
    const receivedTo = through === null ? bound : through + HOUR;
    if (receivedTo > bound || receivedTo <= receivedFrom) return null;
    return {
      kind: 'hour',
      receivedFrom,
      receivedTo,
      users: () => this.#touched(receivedFrom, receivedTo),
      done: async ({ deferred }) => {
        await progress.defer(partition, deferred);
        await progress.advance(partition, { through: receivedTo, settledUpTo: receivedTo - latenessMs });
      },
    };
  }

  #touched(receivedFrom: number, receivedTo: number): Promise<readonly SettleTarget[]> {
    return this.#deps.store.touchedUsers(this.#partition.partition, receivedFrom, receivedTo);
  }

  /** True when rows were appended: they must be stored before the next unit reads. */
  async #do(work: Work): Promise<boolean> {
    const { clock, telemetry } = this.#deps;
    const began = clock.now();
    const users = await work.users();
    const result = await settleUnit({ ...this.#unit(work), users }, this.#deps);
    await work.done(result);
    if (work.kind !== 'deferred') this.#isHoursTurn = work.kind === 'request';
    if (users.length > 0 || work.kind !== 'hour') {
      const { kind, receivedFrom, receivedTo } = work;
      const counts = { users: users.length, rows: result.rows, deferred: result.deferred.length };
      const milliseconds = clock.now() - began;
      telemetry.settled({ partition: this.#partition, kind, receivedFrom, receivedTo, ...counts, milliseconds });
    }
    return result.rows > 0;
  }

  #unit({ kind, receivedTo }: Work): Omit<Parameters<typeof settleUnit>[0], 'users'> {
    const { latenessMs, concurrency, maxReachMs, maxClientEvents } = this.#options;
    const bound = this.#time - latenessMs;
    return {
      partition: this.#partition.partition,
      rules: {
        // Who asks for settlement says that nothing more will come.
        receivedUpTo: kind === 'request' ? Math.max(bound, receivedTo - 1) : bound,
        endsUpTo: bound,
        version: { generation: this.#partition.generation, offset: this.#catchUp?.stored ?? -1 },
        maxReachMs,
        maxClientEvents,
      },
      latenessMs,
      concurrency,
      time: this.#time,
    };
  }
}

/** Settlement of one partition of topic `events`. Everything it remembers can be lost: progress is durable. */
export function createPartitionSettlement(partition: PartitionRef, deps: SettlementDeps): PartitionSettlement {
  return new Settlement(partition, deps);
}
