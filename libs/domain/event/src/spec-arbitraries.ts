import { EVENT_TYPES, type NativeField } from '@productgraph/contracts';
import fc from 'fast-check';

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom('', '},{', '"', '\\', '"],{"', 'a\nb', 'é€😀', '__proto__', '/products/1'),
);
const object = fc.dictionary(
  fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 6 }),
    fc.constantFrom('user_agent', 'userAgent', 'campaign', '__proto__', 'a.b'),
  ),
  fc.oneof(
    text,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.jsonValue({ maxDepth: 2 }),
  ),
  { maxKeys: 4, noNullPrototype: true },
);
const id = fc.oneof(text, fc.constantFrom('42', 'null', ' Guest ', '-1'));
const milliseconds = fc.double({ min: 0, max: 1e9, noNaN: true });

const valid: Readonly<Partial<Record<NativeField, fc.Arbitrary<unknown>>>> = {
  event_id: fc.oneof(fc.uuid(), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 10 })),
  'event.type': fc.constantFrom(...EVENT_TYPES),
  'event.name': text,
  'event.timestamp': fc.oneof(
    fc
      .date({ min: new Date('2001-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString()),
    fc.integer({ min: 978_307_200_000, max: 1_893_456_000_000 }),
  ),
  'event.sequence': fc.nat(),
  'session.id': id,
  'user.id': id,
  'anonymous.id': id,
  'page.path': text,
  'page.url': text,
  'ui.component.name': text,
  'ui.component.type': text,
  'ui.element': text,
  'ui.element.text': text,
  'ui.state.before': fc.jsonValue({ maxDepth: 2 }),
  'ui.state.after': fc.jsonValue({ maxDepth: 2 }),
  'gen_ai.journey.id': text,
  'api.status': fc.nat(32_767),
  'api.duration_ms': milliseconds,
  'error.message': text,
  duration_ms: milliseconds,
  properties: object,
  metadata: object,
  context: object,
  groups: fc.dictionary(text, id, { maxKeys: 3, noNullPrototype: true }),
};

const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom('x'.repeat(201), 'x'.repeat(8_193), -1, 1.5, 40_000, null, ''),
);

const member = fc
  .constantFrom(...(Object.keys(valid) as NativeField[]))
  .chain((name) =>
    fc.tuple(
      fc.constant<string>(name),
      fc.oneof({ weight: 12, arbitrary: valid[name] ?? fc.constant(null) }, { weight: 1, arbitrary: anything }),
    ),
  );
const stranger = fc.tuple(
  fc.oneof(
    fc.string({ maxLength: 5 }),
    fc.constantFrom('page.lang', 'user', 'event', 'ui.element.more', 'colour', 'page', '__proto__', 'ui'),
  ),
  fc.oneof(text, fc.jsonValue({ maxDepth: 1 })),
);

/** Members as flat name and value, and how each is spelled: bit i set = nested at the i-th dot. */
const members = fc.array(
  fc.tuple(fc.oneof({ weight: 6, arbitrary: member }, { weight: 1, arbitrary: stranger }), fc.nat(3)),
  {
    maxLength: 9,
  },
);

function pathOf(name: string, spelling: number): string[] {
  const path = [''];
  for (const [i, part] of name.split('.').entries()) {
    if (i > 0 && (spelling >> (i - 1)) % 2 === 1) path.push(part);
    else path[path.length - 1] = i === 0 ? part : `${path.at(-1) ?? ''}.${part}`;
  }
  return path;
}

/** An object as a list of members, so that a key may come twice. */
type Members = [string, unknown][] & { readonly isMembers?: true };

function put(list: Members, [key, ...rest]: readonly string[], value: unknown): void {
  if (key === undefined) return;
  if (rest.length === 0) {
    list.push([key, value]);
    return;
  }
  let inner = list.findLast(([known, held]) => known === key && held instanceof MemberList)?.[1] as
    MemberList | undefined;
  if (inner === undefined) {
    inner = new MemberList();
    list.push([key, inner]);
  }
  put(inner.members, rest, value);
}

class MemberList {
  readonly members: Members = [];
}

/** Spells a key with escapes now and then. */
const spellKey = (key: string, escaped: boolean): string => {
  const plain = JSON.stringify(key);
  return escaped && /^"[a-z]/.test(plain)
    ? `"\\u${key.charCodeAt(0).toString(16).padStart(4, '0')}${plain.slice(2)}`
    : plain;
};

function write(value: unknown, style: { space: string; escapes: number }): string {
  if (!(value instanceof MemberList)) return JSON.stringify(value);
  const { space, escapes } = style;
  const inner = value.members.map(
    ([key, held], i) =>
      `${space}${spellKey(key, (escapes >> i) % 2 === 1)}${space}:${space}${write(held, style)}${space}`,
  );
  return `{${inner.join(',')}${inner.length === 0 ? space : ''}}`;
}

/** JSON texts of events: most of them valid, in every spelling, with keys that come twice, white space and escapes. */
export const eventTexts: fc.Arbitrary<string> = fc
  .tuple(members, fc.constantFrom('', '', ' ', '\n', '\r\n\t'), fc.oneof(fc.constant(0), fc.nat(63)))
  .map(([list, space, escapes]) => {
    const root = new MemberList();
    for (const [[name, value], spelling] of list) put(root.members, pathOf(name, spelling), value);
    return write(root, { space, escapes });
  });
