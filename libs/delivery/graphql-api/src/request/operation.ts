import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getOperationAST,
  getVariableValues,
  type GraphQLSchema,
  Kind,
  Location,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
} from 'graphql';
import type { GraphqlLimits } from '../limits.ts';
import { costOf, type MeasuredOperation } from './cost.ts';
import { DocumentFaults } from './errors.ts';
import { Fault } from './fault.ts';
import { checkShape } from './shape.ts';

/**
 * Before validation: only text is a document (the driver would also take a JSON syntax tree, which no check here expects),
 * and only of a bounded shape.
 */
export function checkDocument(document: DocumentNode, limits: GraphqlLimits): void {
  if (!((document as DocumentNode | null)?.loc instanceof Location))
    throw new Fault('invalid_request', 'The query is not a GraphQL document.');
  checkShape(document, limits);
}

/** The driver looks at the operation of a GET before it knows that there is one. */
export function checkGet(source: string, operationName: string | null, maxLexicalTokens: number): void {
  let document: DocumentNode;
  try {
    document = parse(source, { maxLexicalTokens });
  } catch {
    return; // the driver parses it again and tells what is wrong
  }
  operationOf(document, operationName);
}

/**
 * After validation: the operation that runs, with coerced variables.
 * @throws Fault invalid_request when no operation can be chosen
 * @throws DocumentFaults listing every variable that does not fit
 */
export function measuredOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  request: { readonly operationName: string | null; readonly variables: Readonly<Record<string, unknown>> },
): MeasuredOperation {
  const operation = operationOf(document, request.operationName);
  if (!schema.getRootType(operation.operation)) throw new Fault('invalid_request', 'There are no subscriptions.');
  const { errors, coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], request.variables);
  if (errors) throw new DocumentFaults(errors);
  return { schema, operation, fragments: fragmentsOf(document), variables: coerced };
}

/** @throws Fault query_too_expensive, naming the budget */
export function checkCost(operation: MeasuredOperation, limit: number): void {
  const cost = costOf(operation);
  if (cost <= limit) return;
  const message = `The query costs ${cost}; the limit is ${limit}. Ask for fewer items, or for less at once.`;
  throw new Fault('query_too_expensive', message, { budget: 'cost', limit, value: cost });
}

/** True when the operation asks for nothing but the schema, which needs no token. */
export function asksSchemaOnly({ operation, fragments }: MeasuredOperation): boolean {
  const onlySchema = (set: SelectionSetNode): boolean =>
    set.selections.every((node) => {
      if (node.kind === Kind.FIELD) return node.name.value.startsWith('__');
      if (node.kind === Kind.INLINE_FRAGMENT) return onlySchema(node.selectionSet);
      const fragment = fragments.get(node.name.value);
      return fragment !== undefined && onlySchema(fragment.selectionSet);
    });
  return onlySchema(operation.selectionSet);
}

export function countOperations(document: DocumentNode): number {
  return document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).length;
}

function operationOf(document: DocumentNode, operationName: string | null): OperationDefinitionNode {
  const operation = getOperationAST(document, operationName);
  if (operation) return operation;
  const message =
    operationName === null ? 'Name one operation as `operationName`.' : `There is no operation "${operationName}".`;
  throw new Fault('invalid_request', message);
}

function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
  return new Map(fragments.map((node) => [node.name.value, node]));
}
