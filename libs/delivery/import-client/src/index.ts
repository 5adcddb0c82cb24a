export { ImportRefused, type ImportTarget } from './connection.ts';
export { accessLogLines, ndjsonLines } from './formats.ts';
export {
  importLines,
  type ImportOptions,
  type ImportProgress,
  type ImportSummary,
  type Translate,
  type Translated,
} from './import-lines.ts';
export { fromStream, openFile, type LineSource } from './lines.ts';
export { awaitStored, readCounts, requestSettlement, type AwaitStoredOptions, type ImportCounts } from './settle.ts';
