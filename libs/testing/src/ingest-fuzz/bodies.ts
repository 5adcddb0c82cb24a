import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { type GoodEvent, goodEvent, oddEvent, oddLine } from './event-text.ts';
import { deepText, jsonText, space } from './json-text.ts';
import { mutated } from './mutations.ts';
import { type Random, seededRandom } from './random.ts';

/** A request to `POST /v1/events`, and what is known about it. */
export interface FuzzBody {
  /** How it was made, for reports. */
  readonly kind: string;
  readonly bytes: Buffer;
  readonly contentType: string | undefined;
  readonly encoding: string | undefined;
  /** Events that must be accepted, whatever their neighbours are. */
  readonly good: readonly GoodEvent[];
  /** Elements that the batch has, where that is known: accepted, rejected and duplicates are as many. */
  readonly events: number | null;
}

export interface FuzzBodiesOptions {
  readonly seed: number;
  /** Begins the ids of good events; unique per run. */
  readonly prefix: string;
  /** Unix ms; good events happen in the hours before. */
  readonly now: number;
  /** One body in so many is a bomb of 10 MB and more. Default 400; 0 = none. */
  readonly bombEvery?: number;
}

interface Draft extends Partial<Omit<FuzzBody, 'bytes' | 'kind'>> {
  readonly bytes: Buffer | string;
}

type Make = (random: Random, options: FuzzBodiesOptions & { readonly id: () => string }) => Draft;

const batch: Make = (random, { id, now }) => {
  const good: GoodEvent[] = [];
  const texts = Array.from({ length: 1 + random.int(6) }, () => {
    if (random.percent(50)) return oddEvent(random, now);
    const event = goodEvent(random, { id: id(), now });
    good.push(event);
    return event.text;
  });
  const list = `[${space(random)}${texts.join(`${space(random)},${space(random)}`)}]`;
  const wraps = [
    list,
    `{"events":${list}}`,
    `{"x":${jsonText(random, { depth: 2 })},"events":${list} }`,
    `{"events":[{}],"events":${list}}`,
  ];
  return { bytes: random.pick(wraps), good, events: texts.length };
};

const ndjson: Make = (random, { id, now }) => {
  const good: GoodEvent[] = [];
  const lines = Array.from({ length: 1 + random.int(6) }, () => {
    if (random.percent(50)) return oddLine(random, now);
    const event = goodEvent(random, { id: id(), now });
    const text = event.text.replaceAll(/[\r\n]/g, ' ');
    good.push({ ...event, text, properties: event.properties.replaceAll(/[\r\n]/g, ' ') });
    return text;
  });
  return { bytes: lines.join(random.pick(['\n', '\r\n', '\n\n'])), contentType: 'application/x-ndjson', good };
};

const single: Make = (random, { id, now }) => {
  const event = goodEvent(random, { id: id(), now });
  return { bytes: `${space(random)}${event.text}${space(random)}`, good: [event], events: 1 };
};

const withOptions: Make = (random, context) => {
  const { bytes } = batch(random, context);
  const told = `"sent_at":${jsonText(random, { depth: 2 })},"historical":${random.pick(['false', 'null', '0', '"x"', '[]'])}`;
  return { bytes: `{${told},"events":${String(bytes)},${told}}` };
};

const mutation: Make = (random, context) => {
  const { bytes, contentType } = random.pick([batch, batch, ndjson, single])(random, context);
  return { bytes: mutated(random, Buffer.from(bytes)), contentType };
};

const noise: Make = (random) => ({ bytes: random.bytes(random.int(200)) });
const depth: Make = (random) => ({ bytes: deepText(random, random.pick([100, 100, 1_000, 10_000, 10_000, 100_000])) });
const marks: Make = (random, context) => {
  const { bytes, ...rest } = batch(random, context);
  if (random.percent(50)) return { bytes: `\ufeff${String(bytes)}`, ...rest };
  return { bytes: Buffer.from(String(bytes), random.pick(['utf16le', 'latin1'])) };
};
const crowd: Make = (random) => {
  const count = random.pick([999, 1_000, 1_001, 3_000]);
  const text = `[${`${random.pick(['1', '{}', '""', '{"event.type":"page.view","user.id":"crowd"}'])},`.repeat(count - 1)}null]`;
  return { bytes: text, events: count <= 1_000 ? count : null };
};
const bulk: Make = (random, { id, now }) => {
  const event = goodEvent(random, { id: id(), now });
  const large = `{"event.type":"page.view","user.id":"bulk","properties":{"t":"${'x'.repeat(90_000 + random.int(20_000))}"}}`;
  return { bytes: `[${large},${event.text},${large}]`, good: [event], events: 3 };
};

/** Weight, name, maker. */
const MAKERS: readonly (readonly [number, string, Make])[] = [
  [34, 'batch', batch],
  [16, 'ndjson', ndjson],
  [8, 'single', single],
  [5, 'options', withOptions],
  [22, 'mutation', mutation],
  [5, 'noise', noise],
  [3, 'depth', depth],
  [4, 'marks', marks],
  [0.05, 'crowd', crowd],
  [0.25, 'bulk', bulk],
];
const TOTAL = MAKERS.reduce((sum, [weight]) => sum + weight, 0);

function maker(random: Random): readonly [string, Make] {
  let at = random.next() * TOTAL;
  for (const [weight, name, make] of MAKERS) {
    at -= weight;
    if (at < 0) return [name, make];
  }
  return ['batch', batch];
}

const CODECS: readonly (readonly [string, (bytes: Buffer) => Buffer])[] = [
  ['gzip', (bytes) => gzipSync(bytes, { level: 1 })],
  ['zstd', (bytes) => zstdCompressSync(bytes)],
  ['br', (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
  ['deflate', (bytes) => deflateSync(bytes, { level: 1 })],
];
const LABELS = ['gzip', 'zstd', 'br', 'deflate', 'identity', 'x-gzip', 'compress', 'constructor', '', 'gzip, br'];
const TYPES = [
  'application/json',
  'text/plain;charset=UTF-8',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  ';;',
  'a/b;c="',
  '*/*',
];

/** Compressed and labelled truly, falsely, or not at all; cut or broken now and then. */
function packed(random: Random, body: FuzzBody): FuzzBody {
  const contentType = body.contentType ?? (random.percent(30) ? undefined : random.pick(TYPES));
  if (random.percent(85)) return { ...body, contentType };
  const [name, compress] = random.percent(70) ? random.pick(CODECS.slice(0, 2)) : random.pick(CODECS);
  const bytes = compress(body.bytes);
  const kind = `${body.kind}+${name}`;
  if (random.percent(70)) return { ...body, kind, contentType, bytes, encoding: name };
  const unknown = { good: [], events: null, contentType };
  if (random.percent(50))
    return { ...body, ...unknown, kind: `${kind}+false label`, bytes, encoding: random.pick(LABELS) };
  const damaged = random.percent(50) ? bytes.subarray(0, random.int(bytes.length)) : mutated(random, bytes);
  return { ...body, ...unknown, kind: `${kind}+damaged`, bytes: damaged, encoding: name };
}

const MEGABYTE = 1024 * 1024;

/** Bombs are made once: 12 MB of nothing, and 9.9 MB of white space around one event, which is within the limit. */
function createBombs(): (random: Random) => FuzzBody {
  const none = Buffer.alloc(12 * MEGABYTE);
  const wide = Buffer.alloc(9.9 * MEGABYTE, ' ');
  wide.write('{"events":[{"event.type":"page.view","user.id":"bomb"}');
  wide.write(']}', wide.length - 2);
  const deep = Buffer.alloc(9.9 * MEGABYTE, '[');
  const made = [none, wide, deep].flatMap((plain) =>
    CODECS.filter(([name]) => name !== 'br').map(([name, compress]) => ({ name, bytes: compress(plain) })),
  );
  return (random) => {
    const { name, bytes } = random.pick(made);
    return { kind: `bomb+${name}`, bytes, contentType: undefined, encoding: name, good: [], events: null };
  };
}

/** An endless row of bodies: the same for the same seed. */
export function fuzzBodies(context: FuzzBodiesOptions): () => FuzzBody {
  const random = seededRandom(context.seed);
  const { bombEvery = 400 } = context;
  const bomb = bombEvery > 0 ? createBombs() : null;
  let ids = 0;
  const id = (): string => `${context.prefix}-${ids++}`;
  return () => {
    if (bomb !== null && random.int(bombEvery) === 0) return bomb(random);
    const [kind, make] = maker(random);
    const draft = make(random, { ...context, id });
    const bytes = Buffer.from(draft.bytes);
    const body = { contentType: undefined, encoding: undefined, good: [], events: null, ...draft, kind, bytes };
    return packed(random, body);
  };
}
