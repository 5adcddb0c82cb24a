import 'reflect-metadata';
import { readdirSync, readFileSync } from 'node:fs';
import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import type { GraphqlApiDeps } from './deps.ts';
import { ExplorerController } from './explorer/explorer.controller.ts';
import { createExplorerPage } from './explorer/page.ts';
import { DEFAULT_GRAPHQL_LIMITS } from './limits.ts';
import { createAuthenticator } from './request/authenticate.ts';
import { type DriverParts, driverOptions } from './request/driver-options.ts';
import { fieldResolvers } from './resolvers/fields.ts';
import { KeysResolver } from './resolvers/keys.resolver.ts';
import { ListsResolver } from './resolvers/lists.resolver.ts';
import { OperationsResolver } from './resolvers/operations.resolver.ts';
import { QuestionsResolver } from './resolvers/questions.resolver.ts';
import { TenantResolver } from './resolvers/tenant.resolver.ts';
import { scalars } from './scalars.ts';
import { ACCESS, ASK, EXPLORER_PAGE, KEYS, MEMBERS, OPERATIONS, PROJECTS, TENANT_STORE } from './tokens.ts';
import { createAccess } from './use-cases/access.ts';
import { createKeys } from './use-cases/keys.ts';
import { createMembers } from './use-cases/members.ts';
import { createOperations } from './use-cases/operations.ts';
import { createProjects } from './use-cases/projects.ts';
import { createAsk } from './use-cases/questions.ts';

/** The GraphQL edge as a Nest module: `/graphql` on the app's Fastify server. */
@Module({})
export class GraphqlApiModule {
  /** @param deps ports and facts of the process */
  static forRoot(deps: GraphqlApiDeps): DynamicModule {
    const { clock, facts, keys } = deps;
    const limits = { ...DEFAULT_GRAPHQL_LIMITS, ...deps.limits };
    const authenticator = createAuthenticator(keys, clock, limits.keyCacheMs);
    const explorer = createExplorerPage(new URL('../dist/explorer/', import.meta.url));
    const parts = { authenticator, explorer, clock, facts, limits };
    return {
      module: GraphqlApiModule,
      imports: [
        GraphQLModule.forRoot<MercuriusDriverConfig>({
          driver: MercuriusDriver,
          typeDefs: readSchema(),
          resolvers: { ...scalars, ...fieldResolvers(deps) } as NonNullable<MercuriusDriverConfig['resolvers']>,
          ...driverOptions(parts),
        }),
      ],
      controllers: [ExplorerController],
      providers: [
        { provide: EXPLORER_PAGE, useValue: explorer },
        ...useCases(deps, parts),
        QuestionsResolver,
        ListsResolver,
        TenantResolver,
        KeysResolver,
        OperationsResolver,
      ],
    };
  }
}

function useCases(deps: GraphqlApiDeps, { authenticator, limits }: DriverParts): Provider[] {
  const { tenants, clock, facts, queryEngine: engine } = deps;
  const access = createAccess(tenants);
  const changed = (keyId: string): void => {
    authenticator.forget(keyId);
    deps.keyChanged?.(keyId);
  };
  return [
    { provide: ACCESS, useValue: access },
    { provide: TENANT_STORE, useValue: tenants },
    { provide: ASK, useFactory: () => createAsk({ access, engine, clock, facts, budget: limits.query }) },
    { provide: PROJECTS, useFactory: () => createProjects(access, tenants, clock) },
    { provide: KEYS, useFactory: () => createKeys({ access, tenants, changed }) },
    { provide: MEMBERS, useFactory: () => createMembers(access, tenants) },
    { provide: OPERATIONS, useFactory: () => createOperations({ ...deps, access }) },
  ];
}

/** The whole schema as text; the files only divide it by topic. */
function readSchema(): string {
  const folder = new URL('../schema/', import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith('.graphql'));
  return files
    .sort()
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    .join('\n');
}
