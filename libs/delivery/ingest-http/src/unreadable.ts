import { sha256Hex, uuidv7, type QuarantineEntry } from '@productgraph/contracts';
import type { Project } from '@productgraph/domain-tenant';

/** A line of an imported file that is no event. */
export interface UnreadableLine {
  readonly line: number;
  readonly text: string;
  readonly message: string;
}

const UNREADABLE_CHARACTERS = 100 * 1024;

/** A tool's words about a line; whatever it sends beyond is cut. */
const MESSAGE_CHARACTERS = 1_000;

/** A line as an entry of quarantine. */
export function unreadableEntry(
  { line, text, message }: UnreadableLine,
  { project, source, receivedAt }: { project: Project; source: string; receivedAt: number },
): QuarantineEntry {
  return {
    // Made from what it is, so that importing again brings the same entry; time 0 keeps the form of the other ids.
    id: uuidv7(0, Buffer.from(sha256Hex(`${project.id}\n${source}\n${line}\n`, text), 'hex')),
    projectId: project.id,
    receivedAt,
    stage: 'import',
    code: 'unreadable_line',
    message: message.slice(0, MESSAGE_CHARACTERS),
    eventId: null,
    payload: text.slice(0, UNREADABLE_CHARACTERS),
    position: line,
    source,
    traceId: null,
  };
}
