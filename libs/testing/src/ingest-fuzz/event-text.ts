import { EVENT_TYPES, nativeEventSchema } from '@productgraph/contracts';
import { deepText, jsonText, objectText, space, stringText } from './json-text.ts';
import type { Random } from './random.ts';

/** An event that has to be accepted. */
export interface GoodEvent {
  readonly id: string;
  readonly text: string;
  /** JSON text of its properties, byte for byte. */
  readonly properties: string;
}

const FIELDS = Object.keys(nativeEventSchema.shape);
const HOUR = 3_600_000;

/** Members that any event may have beside type, identity and properties; valid. */
const EXTRAS: readonly ((random: Random, now: number) => string)[] = [
  (random, now) => `"event.timestamp":${now - random.int(20 * HOUR)}`,
  (random, now) => `"event.timestamp":"${new Date(now - random.int(20 * HOUR)).toISOString()}"`,
  (random) => `"event.sequence":${random.int(1_000_000)}`,
  (random) => `"session.id":"s${random.int(1_000)}"`,
  (random) => `"anonymous.id":${random.pick(['null', '"undefined"', '"anon-1"'])}`,
  (random) => `"page.path":${stringText(random)}`,
  (random) => `"page":{"title":${stringText(random)},"referrer":null}`,
  (random) => `"ui":{"component":{"name":"b"},"state.before":${jsonText(random, { depth: 3 })}}`,
  (random) => `"api.status":${random.pick(['200', '404', '200.0', '2e2', '0'])}`,
  (random) => `"api.duration_ms":${random.pick(['0', '1.5', '1e3', '0.0000001'])}`,
  (random) => `"context":${objectText(random, { depth: 4 })}`,
  (random) => `"context":{"user_agent":${stringText(random)},"campaign":${jsonText(random, { depth: 2 })}}`,
  (random) => `"groups":{"company":${random.pick(['"a"', '"},{"', '"\\ud83d\\ude00"'])},"\\u0074eam":null}`,
];

/** @param id unique; @param now Unix ms */
export function goodEvent(random: Random, { id, now }: { id: string; now: number }): GoodEvent {
  const properties = objectText(random, { depth: 5 });
  const extras = Array.from({ length: random.int(4) }, () => random.pick(EXTRAS)(random, now));
  const type = random.pick(EVENT_TYPES);
  const members = [
    `"event_id":"${id}"`,
    random.percent(80) ? `"event.type":"${type}"` : `"event":{"type":"${type}"}`,
    ...(type === 'custom' ? ['"event.name":"named"'] : []),
    `"user.id":"user-${random.int(500)}"`,
    ...extras,
    `"properties":${properties}`,
  ];
  const text = `{${space(random)}${members.join(`${space(random)},${space(random)}`)}${space(random)}}`;
  return { id, text, properties };
}

/** Any JSON value in the place of an event: good, bad, odd. Always JSON. */
export function oddEvent(random: Random, now: number): string {
  const kind = random.int(10);
  if (kind === 0) return jsonText(random, { depth: 3, withUnstorable: true });
  if (kind === 1) return closedDepth(random);
  const members = Array.from({ length: random.int(8) }, () => oddMember(random, now));
  if (kind > 3) members.push('"event.type":"page.view"', `"user.id":"odd-${random.int(50)}"`);
  return `{${members.join(',')}}`;
}

function closedDepth(random: Random): string {
  const levels = random.pick([15, 16, 17, 18, 200, 10_000]);
  const field = random.pick(['properties', 'metadata', 'context', 'ui.state.after', 'plan', 'groups']);
  const [open, close] = random.pick([
    ['[', ']'],
    ['{"a":', '}'],
  ] as const);
  return `{"event.type":"page.view","user.id":"deep","${field}":${open.repeat(levels)}1${close.repeat(levels)}}`;
}

const TIMES = [
  '0',
  '-1',
  '1e400',
  '1e15',
  '253402300799999',
  '946684800000',
  '"2000-01-01"',
  '"2038-01-19T03:14:08Z"',
  '"yesterday"',
  '1.5',
];
const TYPES = [
  '"page.view"',
  '"custom"',
  '"toString"',
  '"__proto__"',
  '7',
  'null',
  '"\\u0063ustom"',
  '"identify"',
  '""',
];

function oddMember(random: Random, now: number): string {
  const field = random.percent(85)
    ? random.pick(FIELDS)
    : random.pick(['event', 'user', 'page', 'ui', 'ui.component', 'x', '__proto__']);
  return `${JSON.stringify(field)}:${oddValue(random, field, now)}`;
}

function oddValue(random: Random, field: string, now: number): string {
  if (random.percent(40)) return jsonText(random, { depth: 3, withUnstorable: random.percent(20) });
  if (field === 'event.timestamp') return random.percent(50) ? random.pick(TIMES) : String(now - random.int(20 * HOUR));
  if (field === 'event.type') return random.pick(TYPES);
  if (field === 'event_id')
    return random.pick(['""', '"same"', '"\\u0073ame"', `"${'é'.repeat(random.pick([199, 200, 201]))}"`, '7']);
  if (/^(?:properties|metadata|context|groups|event|user|page|ui)$/.test(field)) {
    return objectText(random, { depth: 4, withUnstorable: random.percent(10) });
  }
  return stringText(random, random.percent(10));
}

/** Text on one line that may be anything: a line of NDJSON nobody should trip over. */
export function oddLine(random: Random, now: number): string {
  const kind = random.int(6);
  if (kind === 0) return deepText(random, random.pick([10, 1_000, 10_000]));
  if (kind === 1) return random.bytes(random.int(60)).toString('latin1').replaceAll('\n', '?');
  const text = oddEvent(random, now).replaceAll('\n', ' ');
  return kind < 4 ? text : text.slice(0, random.int(text.length + 1));
}
