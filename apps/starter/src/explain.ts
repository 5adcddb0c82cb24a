import {
  AlreadyRunning,
  DatabaseUnusable,
  EmbeddedPostgresError,
  MigrationError,
} from '@productgraph/adapter-postgres';
import { ImportRefused } from '@productgraph/delivery-import-client';
import { ConfigError } from '@productgraph/platform-config';

const CLEAR = [AlreadyRunning, DatabaseUnusable, EmbeddedPostgresError, ImportRefused, MigrationError] as const;

/** Sentences for the faults of the Starter's parts; null = unknown here. */
export function explainStarterFault(error: unknown): string | null {
  if (error instanceof ConfigError) {
    const { length } = error.faults;
    const head = length === 1 ? 'One setting is wrong:' : `${length} settings are wrong:`;
    return `${head}\n${error.message.replaceAll(/^/gm, '  ')}`;
  }
  return error instanceof Error && CLEAR.some((kind) => error instanceof kind) ? error.message : null;
}
