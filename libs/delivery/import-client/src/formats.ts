import { sha256Hex } from '@productgraph/contracts';
import { accessLogEvent, type AccessLogFormat } from '@productgraph/domain-event';
import type { Translate } from './import-lines.ts';

/** Lines of an access log. */
export function accessLogLines(label: string, format: AccessLogFormat): Translate {
  return (line, number) => accessLogEvent(line, number, { label, format });
}

/**
 * Native events, one JSON object a line. An event without an id gets one from label, line number and line, so that importing
 * again adds nothing; all else goes out as it came, numbers and strings exact.
 */
export function ndjsonLines(label: string): Translate {
  return (line, number) => {
    const text = line.toString('utf8').trim();
    if (text === '') return { kind: 'blank' };
    const value = parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return { kind: 'unreadable', message: 'the line is not a JSON object' };
    }
    if (Object.hasOwn(value, 'event_id')) return { kind: 'event', json: text };
    const id = sha256Hex(`${label}\n${number}\n`, line).slice(0, 32);
    const rest = text.slice(1).trimStart();
    return { kind: 'event', json: `{"event_id":"${id}"${rest.startsWith('}') ? '' : ','}${rest}` };
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No JSON at all: told by the caller like anything else that is no object.
    return null;
  }
}
