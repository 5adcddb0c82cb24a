import {
  AlreadyRunning,
  DatabaseUnusable,
  EmbeddedPostgresError,
  MigrationError,
} from '@productgraph/adapter-postgres';
import { explainWith } from '@productgraph/assembly-process';
import { ImportRefused } from '@productgraph/delivery-import-client';

/** Sentences for the faults of the Starter's parts; null = unknown here. */
export const explainStarterFault = explainWith([
  AlreadyRunning,
  DatabaseUnusable,
  EmbeddedPostgresError,
  ImportRefused,
  MigrationError,
]);
