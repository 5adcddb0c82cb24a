import type { Interval, Measure, Operator, RetentionQuestion } from '@productgraph/domain-query';
import type { EVENT_FLAGS, QuarantineStage as DomainStage, KeyKind as DomainKeyKind } from '@productgraph/contracts';
import type { Role as DomainRole } from '@productgraph/domain-tenant';
import {
  getNamedType,
  type GraphQLObjectType,
  isInputObjectType,
  isObjectType,
  isScalarType,
  validateSchema,
} from 'graphql';
import { afterAll, beforeAll, expect, expectTypeOf, it } from 'vitest';
import type * as Gql from '../generated/schema.ts';
import { type Api, startApi } from '../testing/api.ts';
import { OPERATIONS } from '../testing/operations.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

function fieldsOf(name: string): readonly string[] {
  return Object.keys((api.app.graphql.schema.getType(name) as GraphQLObjectType).getFields());
}

it('is valid', () => {
  expect(validateSchema(api.app.graphql.schema)).toEqual([]);
});

it('has no field that the specs of roles and isolation do not try', () => {
  expect(OPERATIONS.map(({ field }) => field).sort()).toEqual([...fieldsOf('Query'), ...fieldsOf('Mutation')].sort());
});

it('has a resolver for every field at the top', () => {
  for (const type of ['Query', 'Mutation']) {
    const fields = Object.values((api.app.graphql.schema.getType(type) as GraphQLObjectType).getFields());
    expect(fields.filter(({ resolve }) => resolve === undefined).map(({ name }) => name)).toEqual([]);
  }
});

it('says what every field at the top and every scalar is', () => {
  const { schema } = api.app.graphql;
  const tops = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
    Object.values(type?.getFields() ?? {}),
  );
  const silent = tops.filter(({ description }) => !description);
  expect(silent.map(({ name }) => name)).toEqual([]);
  const scalars = Object.values(schema.getTypeMap()).filter(isScalarType);
  expect(scalars.filter(({ description }) => !description)).toEqual([]);
});

it('lets no list of objects count as one in the cost', () => {
  const types = Object.values(api.app.graphql.schema.getTypeMap()).filter(isObjectType);
  const unsized = types
    .filter(({ name }) => !name.startsWith('__'))
    .flatMap((type) => Object.values(type.getFields()).map((field) => ({ type, field })))
    .filter(({ field }) => String(field.type).startsWith('[') && isObjectType(getNamedType(field.type)))
    .filter(({ field }) => !field.astNode?.directives?.some(({ name }) => name.value === 'listSize'))
    .map(({ type, field }) => `${type.name}.${field.name}`);
  // Sized by the field above them (`sizedFields`).
  expect(unsized.sort()).toEqual([
    'Catalogue.items',
    'EventConnection.edges',
    'FunnelUsers.users',
    'QuarantineConnection.edges',
    'SessionConnection.edges',
    'UserConnection.edges',
  ]);
});

it('gives every question the same scope', () => {
  const inputs = Object.values(api.app.graphql.schema.getTypeMap()).filter(isInputObjectType);
  const questions = inputs.filter((input) => 'range' in input.getFields());
  expect(questions.map(({ name }) => name).sort()).toEqual(
    ['Catalogue', 'Events', 'Funnel', 'Retention', 'SessionMetrics', 'Sessions', 'Trend', 'User', 'Users'].map(
      (name) => `${name}Input`,
    ),
  );
  for (const input of questions) {
    const { filter: _, ...scope } = input.getFields();
    expect(Object.keys(scope)).toEqual(expect.arrayContaining(['projectId', 'range', 'timeZone', 'includeBots']));
  }
});

it('has the words of the domain in its enums', () => {
  expectTypeOf<Gql.Operator>().toEqualTypeOf<Operator>();
  expectTypeOf<Gql.Interval>().toEqualTypeOf<Interval>();
  expectTypeOf<Gql.Measure>().toEqualTypeOf<Measure['kind']>();
  expectTypeOf<Gql.RetentionInterval>().toEqualTypeOf<RetentionQuestion['interval']>();
  expectTypeOf<Gql.RetentionCohort>().toEqualTypeOf<RetentionQuestion['cohort']>();
  expectTypeOf<Gql.RetentionMode>().toEqualTypeOf<RetentionQuestion['mode']>();
  expectTypeOf<Gql.Role>().toEqualTypeOf<DomainRole>();
  expectTypeOf<Gql.KeyKind>().toEqualTypeOf<DomainKeyKind>();
  expectTypeOf<Gql.QuarantineStage>().toEqualTypeOf<DomainStage>();
  expectTypeOf<Gql.EventFlag>().toEqualTypeOf<keyof typeof EVENT_FLAGS>();
});
