import { GraphQLError, type GraphQLScalarType, Kind, type ObjectValueNode, type ValueNode } from 'graphql';
import { exactNumber } from './translate/json.ts';

/** How a scalar of the schema is read and written; its description stays in the schema. */
type Coercion = Pick<GraphQLScalarType, 'serialize' | 'parseValue' | 'parseLiteral'>;

const ISO = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2}))?$/;
/** Times that ISO 8601 writes with four digits of the year, Unix ms. */
const EARLIEST = -62_167_219_200_000;
const LATEST = 253_402_300_799_999;

function moment(value: unknown): number {
  const time = typeof value === 'string' && ISO.test(value) ? Date.parse(value) : value;
  if (typeof time === 'number' && Number.isInteger(time) && time >= EARLIEST && time <= LATEST) return time;
  throw new GraphQLError('A time is ISO 8601 with Z or an offset (2026-05-17T10:00:00Z), or Unix milliseconds.');
}

const DateTime: Coercion = {
  serialize: (value) => new Date(moment(value)).toISOString(),
  parseValue: moment,
  parseLiteral: (node) => moment(node.kind === Kind.INT ? Number(node.value) : textOf(node)),
};

function whole(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw new GraphQLError('Long is a whole number of up to 53 bits.');
}

const Long: Coercion = {
  serialize: whole,
  parseValue: whole,
  parseLiteral: (node) => whole(node.kind === Kind.INT ? Number(node.value) : undefined),
};

function comparable(value: unknown): string | number | boolean {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (
    typeof value === 'number' &&
    Number.isFinite(value) &&
    (!Number.isInteger(value) || Number.isSafeInteger(value))
  ) {
    return value;
  }
  throw new GraphQLError(
    'A value is a string, a finite number or a boolean; whole numbers beyond 53 bits are strings.',
  );
}

const Scalar: Coercion = {
  serialize: comparable,
  parseValue: comparable,
  parseLiteral: (node) => comparable(plainValue(node)),
};

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new GraphQLError('A range is a text like "-7d", "today" or "2026-05-17/2026-05-20".');
}

const Range: Coercion = {
  serialize: text,
  parseValue: text,
  parseLiteral: (node) => text(textOf(node)),
};

/** Anything but undefined, which would drop the field from the answer. */
const Json: Coercion = {
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node, variables) => jsonLiteral(node, variables ?? {}),
};

type Variables = Readonly<Record<string, unknown>>;

function jsonLiteral(node: ValueNode, variables: Variables): unknown {
  switch (node.kind) {
    case Kind.INT:
    case Kind.FLOAT:
      return exactNumber(node.value);
    case Kind.OBJECT:
      return objectLiteral(node, variables);
    case Kind.LIST:
      return node.values.map((one) => jsonLiteral(one, variables));
    case Kind.VARIABLE:
      return variables[node.name.value];
    default:
      return plainValue(node);
  }
}

function objectLiteral(node: ObjectValueNode, variables: Variables): unknown {
  return Object.fromEntries(node.fields.map(({ name, value }) => [name.value, jsonLiteral(value, variables)]));
}

function plainValue(node: ValueNode): unknown {
  switch (node.kind) {
    case Kind.STRING:
    case Kind.ENUM:
    case Kind.BOOLEAN:
      return node.value;
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.NULL:
      return null;
    default:
      return undefined;
  }
}

const textOf = (node: ValueNode): unknown => (node.kind === Kind.STRING ? node.value : undefined);

export const scalars = { DateTime, JSON: Json, Long, Range, Scalar };
