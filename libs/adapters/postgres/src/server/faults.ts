/** Why the embedded PostgreSQL cannot run, or the data folder cannot be used; the message is one sentence that says what to do. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
}

const KNOWN: readonly (readonly [RegExp, (context: { port: number; folder: string }) => string])[] = [
  [
    /Address already in use|could not create any TCP\/IP sockets/u,
    ({ port }) => `Port ${port} on 127.0.0.1 is in use by another program: stop it or choose another PostgreSQL port.`,
  ],
  [
    /No space left on device/u,
    ({ folder }) => `The disk that holds ${folder} is full: free some space and start again.`,
  ],
  [/Read-only file system/u, ({ folder }) => `The folder ${folder} is on a read-only disk: choose another DATA_DIR.`],
  [
    /could not map anonymous shared memory|Cannot allocate memory/u,
    () => 'The machine has not enough free memory for PostgreSQL: free some or give the machine more.',
  ],
  [
    /database files are incompatible with server/u,
    ({ folder }) => `The data in ${folder} was written by another build of PostgreSQL: choose another DATA_DIR.`,
  ],
];

/** Turns the server's own output into one sentence; unknown output is quoted (its last line that names a fault). */
export function explainOutput(output: string, context: { port: number; folder: string }): EmbeddedPostgresError {
  const known = KNOWN.find(([pattern]) => pattern.test(output));
  if (known) return new EmbeddedPostgresError(known[1](context));
  const lines = output.split('\n').filter((line) => /FATAL|PANIC|error:/u.test(line));
  const last = lines.at(-1) ?? output.trim().split('\n').at(-1) ?? '';
  return new EmbeddedPostgresError(`PostgreSQL could not start in ${context.folder}: ${last.trim()}`);
}
