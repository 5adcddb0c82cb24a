import { describe, expect, it } from 'vitest';
import { decodeEventLine } from './decode-line.ts';

const envelope = '["018f0000-0000-7000-8000-000000000000","e",1,1,0,0,null]';
const propertiesOf = (members: string): string =>
  decodeEventLine(`[${envelope},{"event.type":"page.view","user.id":"ann",${members}}]`).properties;

describe('properties', () => {
  it.each([
    ['alone: byte for byte', '"properties":{ "a" : 1.0, "a":2 }', '{ "a" : 1.0, "a":2 }'],
    [
      'over metadata over unknown keys',
      '"a":1,"b":1,"c":1,"metadata":{"a":2,"b":2},"properties":{"a":3}',
      '{"a":3,"b":2,"c":1}',
    ],
    ['of equal unknown keys the last', '"a":1,"a":2', '{"a":2}'],
    ['of equal unknown keys in a nested object the last', '"page":{"a":1,"a":2}', '{"page.a":2}'],
    ['of equal keys in other words the last', '"page":{"a":1,"\\u0061":2}', '{"page.a":2}'],
    [
      'of a flat and a nested spelling the flat one',
      '"page":{"a":1},"page.a":2,"ui":{"component.a":1,"component":{"a":2}}',
      '{"page.a":2,"ui.component.a":1}',
    ],
    ['of equal keys in metadata the last', '"metadata":{"a":1,"a":2}', '{"a":2}'],
    [
      'of the prototype are keys like others',
      '"__proto__":1,"page":{"__proto__":2}',
      '{"__proto__":1,"page.__proto__":2}',
    ],
  ])('%s', (_what, members, expected) => {
    expect(propertiesOf(members)).toBe(expected);
  });
});
