/** What one part of the process says of itself. */
export interface PartState {
  /** `behind`: works, but is late or being retried; the process stays ready. `missing`: nothing can be served without it. */
  readonly state: 'ok' | 'behind' | 'missing';
  /** One sentence, where there is something to say. */
  readonly detail?: string;
  /** Figures, e.g. lag per partition. */
  readonly [figure: string]: unknown;
}

/** Looks at one part. What it throws counts as `missing` with the error's message. */
export type Probe = () => Promise<PartState>;

/** Body of `/ready`. */
export interface ReadyReport {
  readonly ready: boolean;
  readonly phase: 'starting' | 'running' | 'stopping';
  /** Names of the parts without which nothing can be served. */
  readonly missing: readonly string[];
  readonly parts: Readonly<Record<string, PartState>>;
}

/** Whether this process should be given work, and what is missing if not. */
export interface Readiness {
  /** Adds a part; the latest probe of a name counts. */
  watch(name: string, probe: Probe): void;
  phase(phase: ReadyReport['phase']): void;
  report(): Promise<ReadyReport>;
}

const PROBE_MS = 2_000;

/** @param timeoutMs a probe that takes longer counts as `missing`. Default 2,000 */
export function createReadiness(timeoutMs: number = PROBE_MS): Readiness {
  const probes = new Map<string, Probe>();
  let current: ReadyReport['phase'] = 'starting';
  return {
    watch: (name, probe) => void probes.set(name, probe),
    phase: (phase) => (current = phase),
    async report() {
      const names = [...probes.keys()];
      const states = await Promise.all([...probes.values()].map((probe) => stateOf(probe, timeoutMs)));
      const parts = Object.fromEntries(names.map((name, i) => [name, states[i] ?? { state: 'missing' as const }]));
      const missing = names.filter((name) => parts[name]?.state === 'missing');
      return { ready: current === 'running' && missing.length === 0, phase: current, missing, parts };
    },
  };
}

async function stateOf(probe: Probe, timeoutMs: number): Promise<PartState> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<PartState>((resolve) => {
    timer = setTimeout(() => resolve({ state: 'missing', detail: `No answer within ${timeoutMs} ms` }), timeoutMs);
  });
  try {
    return await Promise.race([probe(), late]);
  } catch (error) {
    return { state: 'missing', detail: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}
