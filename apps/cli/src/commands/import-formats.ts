import { accessLogLines, ndjsonLines } from '@productgraph/delivery-import-client';
import type { AccessLogFormat } from '@productgraph/domain-event';
import type { ImportCommand } from './import.ts';

/** Options that all imports share. */
export type FileOptions = Pick<ImportCommand, 'label' | 'key' | 'url' | 'project'>;

/** A web server's access log: always historical. */
export function accessLog(file: string, options: FileOptions & { readonly format: AccessLogFormat }): ImportCommand {
  const { format, ...shared } = options;
  return { ...shared, file, historical: true, translate: (label) => accessLogLines(label, format) };
}

/** Native events; historical unless they are said to be live. */
export function ndjson(file: string, options: FileOptions & { readonly live?: boolean }): ImportCommand {
  const { live = false, ...shared } = options;
  return { ...shared, file, historical: !live, translate: ndjsonLines };
}
