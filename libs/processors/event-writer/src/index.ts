export {
  createEventWriterTask,
  EVENT_WRITER_GROUP,
  EVENT_WRITER_TOPICS,
  type EventWriterDeps,
} from './event-writer.ts';
export type { EventWriterTelemetry } from './ports.ts';
