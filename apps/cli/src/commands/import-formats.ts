import { translateNdjson } from '@productgraph/delivery-import-client';
import type { ImportCommand } from './import.ts';

/** Options that all imports share. */
export type FileOptions = Pick<ImportCommand, 'label' | 'key' | 'url' | 'project'>;
