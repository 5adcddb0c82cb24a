import type { ServerProcess } from './child.ts';
import { closedLoop, type PreparedRequest } from './http-load.ts';
import { median, shuffle, spread, type Spread } from './stats.ts';
import { cpuMicros, stealShare, stealTicks } from './system.ts';

/** One server's figures in one round. */
export interface LegFigures {
  readonly cpuMicrosPerEvent: number;
  readonly eventsPerSecond: number;
}

export interface Comparison {
  /** floor CPU per event / candidate CPU per event, per round: 1 = as cheap as the floor. */
  readonly cpuRatio: Spread;
  /** candidate events per second / floor events per second, per round. */
  readonly rateRatio: Spread;
  readonly floorMicros: number;
  readonly candidateMicros: number;
  readonly candidateRate: number;
  readonly rounds: readonly { floor: LegFigures; candidate: LegFigures }[];
  readonly discarded: number;
}

export interface CompareOptions {
  readonly floor: ServerProcess;
  readonly candidate: ServerProcess;
  readonly requests: readonly PreparedRequest[];
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
}

/** Rounds with more stolen CPU than this say nothing. */
const MAX_STEAL = 0.1;

async function leg(server: ServerProcess, options: CompareOptions, seconds: number): Promise<LegFigures> {
  const cpu = cpuMicros(server.pid);
  const load = await closedLoop({
    port: server.port,
    requests: options.requests,
    connections: options.connections,
    seconds,
  });
  const used = cpuMicros(server.pid) - cpu;
  const bad = Object.entries(load.statuses).filter(([status]) => status !== '202');
  if (bad.length > 0) throw new Error(`${server.name} answered ${JSON.stringify(load.statuses)}: the run is void`);
  return { cpuMicrosPerEvent: used / load.events, eventsPerSecond: load.events / load.seconds };
}

/** Both servers up, legs in random order per round, ratios per round, medians over rounds (performance.md 4.1). */
export async function compare(options: CompareOptions): Promise<Comparison> {
  const { floor, candidate } = options;
  for (const server of [floor, candidate]) await leg(server, options, 1.5);
  const rounds: { floor: LegFigures; candidate: LegFigures }[] = [];
  let discarded = 0;
  for (let round = 0; round < options.rounds; round++) {
    const before = stealTicks();
    const figures = new Map<ServerProcess, LegFigures>();
    for (const server of shuffle([floor, candidate])) figures.set(server, await leg(server, options, options.seconds));
    const [f, c] = [figures.get(floor), figures.get(candidate)];
    if (stealShare(before, stealTicks()) > MAX_STEAL || f === undefined || c === undefined) discarded++;
    else rounds.push({ floor: f, candidate: c });
  }
  if (rounds.length === 0) throw new Error('Every round was discarded: too much CPU is stolen by the host');
  return {
    cpuRatio: spread(rounds.map(({ floor: f, candidate: c }) => f.cpuMicrosPerEvent / c.cpuMicrosPerEvent)),
    rateRatio: spread(rounds.map(({ floor: f, candidate: c }) => c.eventsPerSecond / f.eventsPerSecond)),
    floorMicros: median(rounds.map(({ floor: f }) => f.cpuMicrosPerEvent)),
    candidateMicros: median(rounds.map(({ candidate: c }) => c.cpuMicrosPerEvent)),
    candidateRate: median(rounds.map(({ candidate: c }) => c.eventsPerSecond)),
    rounds,
    discarded,
  };
}
