import { type Fragment, masked, type Setting } from './setting.ts';
import { misspellings } from './misspellings.ts';

/** Concerns of a process with their settings. */
export type Fragments = Readonly<Record<string, Fragment>>;

/** The value of a setting. */
type ValueOf<S> = S extends Setting<infer T> ? T : never;

/** The typed, frozen configuration that {@link loadConfig} makes of fragments. */
export type ConfigOf<F extends Fragments> = {
  readonly [Concern in keyof F]: { readonly [Name in keyof F[Concern]]: ValueOf<F[Concern][Name]> };
};

/** One setting that is wrong. */
export interface ConfigFault {
  readonly name: string;
  /** As given, secrets masked; null = not set. */
  readonly given: string | null;
  readonly allowed: string;
}

/** The environment does not make a configuration; every fault is listed. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[]) {
    super(faults.map(sentence).join('\n'));
    this.faults = faults;
  }
}

function sentence({ name, given, allowed }: ConfigFault): string {
  return given === null ? `${name} is not set. Allowed: ${allowed}.` : `${name} is "${given}". Allowed: ${allowed}.`;
}

/** Variables by name, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What {@link loadConfig} answers besides the values. */
export interface LoadedConfig<F extends Fragments> {
  readonly config: ConfigOf<F>;
  /** Variables that look like a misspelt setting, one sentence each. */
  readonly warnings: readonly string[];
}

/**
 * The only reader of the environment.
 * @param env by default the environment of this process
 * @throws ConfigError listing all faults at once
 */
export function loadConfig<F extends Fragments>(fragments: F, env: Environment = process.env): LoadedConfig<F> {
  const faults: ConfigFault[] = [];
  const config: Record<string, Record<string, unknown>> = {};
  for (const [concern, fragment] of Object.entries(fragments)) {
    const values: Record<string, unknown> = {};
    for (const [key, setting] of Object.entries(fragment)) values[key] = read(setting, env, faults);
    config[concern] = Object.freeze(values);
  }
  if (faults.length > 0) throw new ConfigError(faults);
  const warnings = misspellings(env, settingNames(fragments));
  return { config: Object.freeze(config) as ConfigOf<F>, warnings };
}

function read(setting: Setting<unknown>, env: Environment, faults: ConfigFault[]): unknown {
  const { name, allowed, fallback, schema, secret } = setting;
  const given = env[name]?.trim() ?? '';
  if (given === '') {
    if (fallback === undefined) faults.push({ name, given: null, allowed });
    return fallback;
  }
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  faults.push({ name, given: masked(given, secret), allowed });
  return undefined;
}

function settingNames(fragments: Fragments): string[] {
  return Object.values(fragments).flatMap((fragment) => Object.values(fragment).map(({ name }) => name));
}
