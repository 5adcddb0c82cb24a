import { z } from 'zod';

/** One environment variable: how its text becomes a value, and what people are told about it. */
export interface Setting<T> {
  /** Name of the environment variable. */
  readonly name: string;
  /** From the variable's text, trimmed and never empty (an empty variable counts as not set). */
  readonly schema: z.ZodType<T, string>;
  /** Value when the variable is not set; undefined = it must be set. */
  readonly fallback: T | undefined;
  /** The default as people read it. */
  readonly shown: string;
  /** What is allowed, as the end of the sentence "Allowed: …". */
  readonly allowed: string;
  /** One sentence: what it does. */
  readonly about: string;
  /** Its value is masked wherever it is shown. */
  readonly secret: boolean;
}

/** The settings of one concern; the keys are the names that code uses. */
export type Fragment = Readonly<Record<string, Setting<unknown>>>;

type Plain = string | number | boolean | null;

interface Common<T extends Plain> {
  readonly about: string;
  readonly fallback?: T;
  readonly secret?: boolean;
}

function setting<T extends Plain>(
  name: string,
  schema: z.ZodType<T, string>,
  options: Common<T> & { allowed: string },
): Setting<T> {
  const { about, allowed, fallback, secret = false } = options;
  return { name, schema, fallback, shown: shown(fallback), allowed, about, secret };
}

function shown(fallback: Plain | undefined): string {
  if (fallback === undefined) return '(required)';
  if (fallback === null) return '(not set)';
  if (typeof fallback === 'boolean') return fallback ? '1' : '0';
  return String(fallback);
}

/** A number between `min` and `max`, both included; `unit` is told to people. Whole unless `fraction` is true. */
export function number(
  name: string,
  options: Common<number> & { min: number; max: number; unit?: string; fraction?: boolean },
): Setting<number> {
  const { min, max, unit, fraction = false } = options;
  const pattern = fraction ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/;
  const schema = z.string().regex(pattern).transform(Number).pipe(z.number().min(min).max(max));
  const allowed = `a ${fraction ? '' : 'whole '}number from ${min} to ${max}${unit === undefined ? '' : ` (${unit})`}`;
  return setting(name, schema, { ...options, allowed });
}

/** One of the words of `values`, compared as written. */
export function choice<const V extends string>(
  name: string,
  values: readonly V[],
  options: Common<NoInfer<V>>,
): Setting<V> {
  const schema = z.string().pipe(z.enum(values as readonly [V, ...V[]]));
  return setting<V>(name, schema, { ...options, allowed: values.join(', ') });
}

const FLAGS: Readonly<Record<string, boolean>> = { 0: false, 1: true, false: false, true: true };

/** A switch: 1 or true, 0 or false. */
export function flag(name: string, options: Common<boolean>): Setting<boolean> {
  const schema = z
    .string()
    .refine((text) => Object.hasOwn(FLAGS, text))
    .transform((text) => FLAGS[text] === true);
  return setting(name, schema, { ...options, allowed: '1 or true, 0 or false' });
}

/** Any text of 1 to `max` characters (default 1,000). */
export function text(name: string, options: Common<string> & { allowed: string; max?: number }): Setting<string> {
  return setting(name, z.string().max(options.max ?? 1_000), options);
}

/** As {@link text}; null = not set. `shown` = what happens then, as the table tells it. */
export function optionalText(
  name: string,
  options: Omit<Common<string>, 'fallback'> & { allowed: string; shown: string },
): Setting<string | null> {
  const made = setting<string | null>(name, z.string().max(1_000), { ...options, fallback: null });
  return { ...made, shown: `(${options.shown})` };
}

/** A URL with one of the protocols (without colon); null = not set. */
export function optionalUrl(
  name: string,
  protocols: readonly string[],
  options: Omit<Common<string>, 'fallback'>,
): Setting<string | null> {
  const schema = z.string().refine((value) => {
    const scheme = URL.canParse(value) ? new URL(value).protocol.slice(0, -1) : '';
    return protocols.includes(scheme);
  });
  const allowed = `a URL that begins with ${protocols.map((p) => `${p}://`).join(' or ')}`;
  return setting<string | null>(name, schema, { ...options, fallback: null, allowed });
}

/** A URL with one of the protocols (without colon), which must be set. */
export function requiredUrl(
  name: string,
  protocols: readonly string[],
  options: Omit<Common<string>, 'fallback'>,
): Setting<string> {
  const { allowed, schema } = optionalUrl(name, protocols, options);
  return setting<string>(name, schema.pipe(z.string()), { ...options, allowed });
}

/** One or more texts of `pattern`, separated by commas; must be set unless there is a default. `each` = what one is. */
export function list(
  name: string,
  options: Omit<Common<string>, 'fallback'> & { each: string; pattern: RegExp; max?: number; fallback?: readonly [] },
): Setting<readonly string[]> {
  const { each, pattern, max = 100, fallback } = options;
  const schema = z
    .string()
    .transform((value) =>
      value
        .split(',')
        .map((one) => one.trim())
        .filter((one) => one !== ''),
    ) // prettier-ignore
    .pipe(z.array(z.string().regex(pattern)).min(1).max(max));
  const { about, secret = false } = options;
  const allowed = `${each}, or several separated by commas`;
  return { name, schema, fallback, shown: fallback === undefined ? '(required)' : '(none)', allowed, about, secret };
}

/** A value as it may be printed: secrets lose everything that opens a door. */
export function masked(value: string, secret: boolean): string {
  if (!secret) return value;
  if (value.includes(',')) return value.split(',').map((one) => masked(one.trim(), secret)).join(','); // prettier-ignore
  if (!URL.canParse(value)) return `${value.slice(0, 3)}***`;
  const url = new URL(value);
  if (url.password !== '') url.password = '***';
  for (const name of url.searchParams.keys()) if (name.includes('password')) url.searchParams.set(name, '***');
  return url.href;
}
