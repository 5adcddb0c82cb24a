import { type Names } from './names.ts';

/** An adapter before its first port: the options of its driver, checked. */
export function adapterFiles(names: Names): Readonly<Record<string, string>> {
  return {
    'README.md': readme(names),
    'src/index.ts': index(names),
    'src/options.ts': options(names),
    'src/options.spec.ts': spec(names),
  };
}

const readme = ({ kebab, pascal }: Names): string => `
# adapters/${kebab}

One driver, and the ports of kernel and domain that it can carry. No other adapter is imported, no environment is read:
wiring passes \`${pascal}Options\`.

A port comes in with four things: the implementation (\`src/<port>.ts\`, a factory that takes the compiled options and
the driver), the port's contract suite of \`libs/testing\` run on it in a spec, the driver's package in \`ownPackages\` of
\`eslint.boundaries.js\`, and a line below.

| port | file | contract suite |
| --- | --- | --- |

Start reading at \`src/options.ts\`.
`;

const index = ({ pascal }: Names): string => `
export {
  compile${pascal}Options,
  Invalid${pascal}Options,
  type Compiled${pascal}Options,
  type ${pascal}Options,
} from './options.ts';
`;

const options = ({ pascal }: Names): string => `
/** What wiring passes. */
export interface ${pascal}Options {
  /** Where the server is, e.g. \`https://127.0.0.1:8443\`. */
  readonly url: string;
  /** Bound on one call, milliseconds, 1 to 600,000. Default 10,000. */
  readonly timeoutMs?: number;
  /** Connections at once, 1 to 1,000. Default 10. */
  readonly connections?: number;
}

/** Options with every default filled in and every range checked. */
export interface Compiled${pascal}Options {
  readonly url: URL;
  readonly timeoutMs: number;
  readonly connections: number;
}

/** Some options are out of range; \`faults\` names all of them. */
export class Invalid${pascal}Options extends Error {
  override readonly name = 'Invalid${pascal}Options';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('; '));
    this.faults = faults;
  }
}

/** @throws Invalid${pascal}Options with all faults at once */
export function compile${pascal}Options(options: ${pascal}Options): Compiled${pascal}Options {
  const { timeoutMs = 10_000, connections = 10 } = options;
  const url = URL.parse(options.url);
  const faults = [
    ...outOfRange('timeoutMs', timeoutMs, 600_000),
    ...outOfRange('connections', connections, 1_000),
  ];
  if (url === null || faults.length > 0) {
    throw new Invalid${pascal}Options([...(url === null ? ['url is not a URL'] : []), ...faults]);
  }
  return { url, timeoutMs, connections };
}

function outOfRange(name: string, value: number, max: number): readonly string[] {
  return Number.isInteger(value) && value >= 1 && value <= max ? [] : [\`\${name} must be a whole number from 1 to \${max}\`];
}
`;

const spec = ({ pascal }: Names): string => `
import { describe, expect, it } from 'vitest';
import { compile${pascal}Options } from './options.ts';

const url = 'https://127.0.0.1:8443';

describe('compile${pascal}Options', () => {
  it('fills in the defaults', () => {
    expect(compile${pascal}Options({ url })).toEqual({ url: new URL(url), timeoutMs: 10_000, connections: 10 });
  });

  it.each([
    [{ url, timeoutMs: 0 }, ['timeoutMs must be a whole number from 1 to 600000']],
    [{ url, connections: 1.5 }, ['connections must be a whole number from 1 to 1000']],
    [{ url: 'nowhere', connections: 1_001 }, ['url is not a URL', 'connections must be a whole number from 1 to 1000']],
  ])('names every fault of %o', (options, faults) => {
    expect(() => compile${pascal}Options(options)).toThrow(expect.objectContaining({ faults }));
  });
});
`;
