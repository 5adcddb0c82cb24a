import {
  type FieldNode,
  type FragmentDefinitionNode,
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** An operation of a validated document with its coerced variables. */
export interface MeasuredOperation {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** A list is never counted longer than any may be: what asks for more is refused with a better message. */
const LONGEST_LIST = 10_000;

/** Introspection is bounded by its depth and does not touch a store. */
const INTROSPECTION_COST = 10;

/**
 * Cost of an operation: weight of each field (`@cost`, else 1 for objects and 0 for scalars) plus its size (`@listSize`)
 * times the cost of what is selected in it. Both branches of `@include` and `@skip` count.
 */
export function costOf({ schema, operation, fragments, variables }: MeasuredOperation): number {
  const known = new Map<string, number>();

  function selections(set: SelectionSetNode, type: GraphQLNamedType | undefined, sizes: Sizes): number {
    let cost = 0;
    for (const node of set.selections) {
      if (node.kind === Kind.FIELD) cost += field(node, type, sizes);
      else if (node.kind === Kind.FRAGMENT_SPREAD) cost += fragment(node.name.value, sizes);
      else {
        const condition = node.typeCondition?.name.value;
        cost += selections(node.selectionSet, condition === undefined ? type : schema.getType(condition), sizes);
      }
    }
    return cost;
  }

  function fragment(name: string, sizes: Sizes): number {
    const key = `${name} ${sizes.fields.join()} ${sizes.size}`;
    const cost = known.get(key);
    if (cost !== undefined) return cost;
    const node = fragments.get(name);
    const measured = node ? selections(node.selectionSet, schema.getType(node.typeCondition.name.value), sizes) : 0;
    known.set(key, measured);
    return measured;
  }

  function field(node: FieldNode, parent: GraphQLNamedType | undefined, inherited: Sizes): number {
    if (node.name.value.startsWith('__')) return node.selectionSet === undefined ? 0 : INTROSPECTION_COST;
    const definition = fieldOf(parent, node.name.value);
    if (definition === undefined) return 0;
    const type = getNamedType(definition.type);
    const sizes = sizesOf(definition, node);
    const times = inherited.fields.includes(definition.name) ? inherited.size : sizes.own;
    const weight = directiveOf(schema, definition, 'cost')?.weight ?? Number(isCompositeType(type));
    return times * (weight + (node.selectionSet ? selections(node.selectionSet, type, sizes.below) : 0));
  }

  /** How long the field itself is, or which fields below it are how long. */
  function sizesOf(definition: GraphQLField<unknown, unknown>, node: FieldNode): { own: number; below: Sizes } {
    const list = directiveOf(schema, definition, 'listSize');
    if (list === undefined) return { own: 1, below: NO_SIZES };
    const given = sliceOf(list.slicingArguments ?? [], getArgumentValues(definition, node, variables));
    const size = Math.min(Math.max(given ?? list.assumedSize ?? 1, 0), LONGEST_LIST);
    return list.sizedFields ? { own: 1, below: { fields: list.sizedFields, size } } : { own: size, below: NO_SIZES };
  }

  return selections(operation.selectionSet, schema.getRootType(operation.operation) ?? undefined, NO_SIZES);
}

interface Sizes {
  readonly fields: readonly string[];
  readonly size: number;
}

const NO_SIZES: Sizes = { fields: [], size: 1 };

function fieldOf(type: GraphQLNamedType | undefined, name: string): GraphQLField<unknown, unknown> | undefined {
  return isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
}

interface Directives {
  readonly cost: { readonly weight: number };
  readonly listSize: {
    readonly assumedSize?: number;
    readonly slicingArguments?: readonly string[];
    readonly sizedFields?: readonly string[];
  };
}

function directiveOf<N extends keyof Directives>(
  schema: GraphQLSchema,
  field: GraphQLField<unknown, unknown>,
  name: N,
): Directives[N] | undefined {
  const directive = schema.getDirective(name);
  if (!directive || !field.astNode) return undefined;
  return getDirectiveValues(directive, field.astNode) as Directives[N] | undefined;
}

function sliceOf(names: readonly string[], values: Readonly<Record<string, unknown>>): number | undefined {
  return names.map((name) => values[name]).find((value) => typeof value === 'number');
}
