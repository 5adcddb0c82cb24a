import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';
import type { GraphqlLimits } from '../limits.ts';
import { Fault } from './fault.ts';

interface Shape {
  readonly depth: number;
  /** Below `__schema` and `__type`. */
  readonly introspectionDepth: number;
  readonly fields: number;
  readonly aliases: number;
  /** Fields of the first level. */
  readonly rootFields: number;
}

const EMPTY: Shape = { depth: 0, introspectionDepth: 0, fields: 0, aliases: 0, rootFields: 0 };

const WORDS: Record<keyof Shape, string> = {
  depth: 'depth',
  introspectionDepth: 'depth of introspection',
  fields: 'number of fields',
  aliases: 'number of aliases',
  rootFields: 'number of fields at the top',
};

/**
 * Refuses documents that are too deep or too wide, before they are validated: validation compares fields in pairs, so a
 * few thousand equal ones would keep the process busy. Each fragment is measured once, however often it is spread.
 * @throws Fault query_too_expensive, naming the budget
 */
export function checkShape(document: DocumentNode, limits: GraphqlLimits): void {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  }
  const measure = measuring(fragments);
  for (const node of document.definitions) {
    if (node.kind !== Kind.OPERATION_DEFINITION) continue;
    const shape = measure(node.selectionSet);
    for (const budget of BUDGETS) within(budget, shape[budget], limits[budget]);
  }
}

const BUDGETS = ['depth', 'introspectionDepth', 'fields', 'aliases', 'rootFields'] as const;

function within(budget: keyof Shape, value: number, limit: number): void {
  if (value <= limit) return;
  const message = `The query's ${WORDS[budget]} is ${value}; the limit is ${limit}.`;
  throw new Fault('query_too_expensive', message, { budget, limit, value });
}

function measuring(fragments: ReadonlyMap<string, FragmentDefinitionNode>): (set: SelectionSetNode) => Shape {
  const known = new Map<string, Shape>();

  function fragment(name: string): Shape {
    const shape = known.get(name);
    if (shape !== undefined) return shape;
    known.set(name, EMPTY); // a circle counts once here and is refused by validation
    const node = fragments.get(name);
    const measured = node === undefined ? EMPTY : measure(node.selectionSet);
    known.set(name, measured);
    return measured;
  }

  function measure(set: SelectionSetNode): Shape {
    return set.selections.reduce((sum, node) => {
      if (node.kind === Kind.FRAGMENT_SPREAD) return beside(sum, fragment(node.name.value));
      const inner = node.selectionSet === undefined ? EMPTY : measure(node.selectionSet);
      if (node.kind === Kind.INLINE_FRAGMENT) return beside(sum, inner);
      return beside(sum, below(node.name.value, node.alias !== undefined, inner));
    }, EMPTY);
  }

  return measure;
}

function below(name: string, aliased: boolean, inner: Shape): Shape {
  const introspects = name === '__schema' || name === '__type';
  return {
    depth: introspects ? 0 : inner.depth + 1,
    introspectionDepth: introspects ? inner.depth + 1 : inner.introspectionDepth,
    fields: inner.fields + 1,
    aliases: inner.aliases + (aliased ? 1 : 0),
    rootFields: 1,
  };
}

function beside(a: Shape, b: Shape): Shape {
  return {
    depth: Math.max(a.depth, b.depth),
    introspectionDepth: Math.max(a.introspectionDepth, b.introspectionDepth),
    fields: a.fields + b.fields,
    aliases: a.aliases + b.aliases,
    rootFields: a.rootFields + b.rootFields,
  };
}
