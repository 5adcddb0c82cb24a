import { stat } from 'node:fs/promises';
import { keyKindOf } from '@productgraph/contracts';
import {
  awaitStored,
  fromStream,
  importLines,
  openFile,
  readCounts,
  requestSettlement,
  type ImportTarget,
  type LineSource,
  type Translate,
} from '@productgraph/delivery-import-client';
import { withBorrowedKey } from '../borrowed-key.ts';
import type { CliContext } from '../context.ts';
import { CliFault } from '../fault.ts';
import type { Result } from '../output.ts';
import { createProgress } from '../progress.ts';
import { serverUrl } from '../server.ts';
import { report } from './import-report.ts';

export interface ImportCommand {
  /** A path, or - for standard input. */
  readonly file: string;
  readonly label?: string;
  readonly key?: string;
  readonly url?: string;
  readonly project?: string;
  /** Events may be older than the retention, and sessions are settled at once. */
  readonly historical: boolean;
  readonly translate: (label: string) => Translate;
}

/** How long to wait for the last events to be stored; the import itself is safe by then. */
const STORED_WITHIN_MS = 120_000;

/** `import …`: a file through the HTTP port, with progress and a summary. May be repeated: what is there is not added again. */
export async function runImport(context: CliContext, command: ImportCommand): Promise<Result> {
  const source = await openSource(command);
  const config = context.config();
  const url = serverUrl(config, command.url);
  const key = command.key ?? config.client.key;
  if (key !== null) return importWith(context, command, { source, url, key });
  const borrowing = {
    kind: 'pgs',
    role: null,
    purpose: `Import of ${source.label}`.slice(0, 70),
    project: command.project,
  } as const;
  return withBorrowedKey(context, borrowing, (secret) => importWith(context, command, { source, url, key: secret }));
}

async function openSource({ file, label }: ImportCommand): Promise<LineSource> {
  if (file === '-') {
    if (label === undefined)
      throw new CliFault('Standard input has no name: give one with --label, the same each time.');
    return fromStream(process.stdin, { label });
  }
  const found = await stat(file).catch((error: unknown) => error as NodeJS.ErrnoException);
  if (found instanceof Error) {
    throw new CliFault(
      found.code === 'ENOENT' ? `There is no file ${file}.` : `${file} cannot be read: ${found.message}.`,
    );
  }
  if (found.isDirectory()) throw new CliFault(`${file} is a folder: name a file.`);
  return openFile(file, label);
}

interface Opened {
  readonly source: LineSource;
  readonly url: string;
  readonly key: string;
}

async function importWith(context: CliContext, command: ImportCommand, opened: Opened): Promise<Result> {
  const { source, url, key } = opened;
  const { clock, output } = context;
  if (keyKindOf(key) !== 'pgs')
    throw new CliFault('An import needs a secret key (pgs_…): make one with "keys create secret".');
  const progress = createProgress(output, source.label, () => clock.now());
  const target: ImportTarget = {
    url,
    key,
    clock,
    random: Math.random,
    signal: context.signal,
    onWait: ({ reason, ms }) => progress.note(`waiting ${(ms / 1000).toFixed(1)} s: ${reason}`),
  };
  try {
    const from = clock.now();
    const before = await readCounts(target, from, { isFirst: true });
    const summary = await importLines({
      target,
      source,
      translate: command.translate(source.label),
      historical: command.historical,
      onProgress: ({ lines, bytesRead, size }) => progress.update({ done: bytesRead, total: size, lines }),
    });
    const stored = await awaitStored(target, { from, before, accepted: summary.accepted, timeoutMs: STORED_WITHIN_MS });
    if (command.historical) await requestSettlement(target, { from, to: clock.now() + 1 });
    progress.stop();
    return report(source.label, summary, stored);
  } finally {
    progress.stop();
  }
}
