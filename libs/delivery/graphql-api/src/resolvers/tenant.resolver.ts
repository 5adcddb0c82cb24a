import { Inject } from '@nestjs/common';
import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { AuditEntry, Member, Organisation, Principal, Project, TenantStore } from '@productgraph/domain-tenant';
import type {
  MutationCreateProjectArgs,
  MutationPutMemberArgs,
  MutationRemoveMemberArgs,
  MutationUpdateProjectArgs,
  QueryAuditLogArgs,
  QueryProjectArgs,
} from '../generated/schema.ts';
import type { GraphqlContext } from '../request/context.ts';
import { ACCESS, MEMBERS, PROJECTS, TENANT_STORE } from '../tokens.ts';
import { organisationOf } from '../use-cases/organisation.ts';
import type { Access } from '../use-cases/access.ts';
import type { Members } from '../use-cases/members.ts';
import { type Projects, refuse } from '../use-cases/projects.ts';

/** The organisation, its projects and members. */
@Resolver()
export class TenantResolver {
  readonly #access: Access;
  readonly #tenants: TenantStore;
  readonly #projects: Projects;
  readonly #members: Members;

  constructor(
    @Inject(ACCESS) access: Access,
    @Inject(TENANT_STORE) tenants: TenantStore,
    @Inject(PROJECTS) projects: Projects,
    @Inject(MEMBERS) members: Members,
  ) {
    this.#access = access;
    this.#tenants = tenants;
    this.#projects = projects;
    this.#members = members;
  }

  @Query()
  me(@Context() context: GraphqlContext): Principal {
    return this.#access.allow(context, 'project.read');
  }

  @Query()
  organisation(@Context() context: GraphqlContext): Promise<Organisation> {
    return organisationOf(this.#tenants, this.#access.allow(context, 'project.read'));
  }

  @Query()
  projects(@Context() context: GraphqlContext): Promise<readonly Project[]> {
    return this.#projects.list(context);
  }

  @Query()
  async project(@Args() { id }: QueryProjectArgs, @Context() context: GraphqlContext): Promise<Project> {
    return (await this.#access.allowProject(context, 'project.read', id)).project;
  }

  @Query()
  members(@Context() context: GraphqlContext): Promise<readonly Member[]> {
    return this.#members.list(context);
  }

  @Query()
  async auditLog(
    @Args() { first }: QueryAuditLogArgs,
    @Context() context: GraphqlContext,
  ): Promise<readonly AuditEntry[]> {
    const { orgId } = this.#access.allowOrganisation(context, 'audit.read');
    refuse(first >= 1 && first <= 1_000 ? [] : [{ field: 'first', message: 'a whole number from 1 to 1000' }]);
    return this.#tenants.audit(orgId, first);
  }

  @Mutation()
  createProject(@Args() { input }: MutationCreateProjectArgs, @Context() context: GraphqlContext): Promise<Project> {
    return this.#projects.create(context, input);
  }

  @Mutation()
  updateProject(
    @Args() { id, input }: MutationUpdateProjectArgs,
    @Context() context: GraphqlContext,
  ): Promise<Project> {
    return this.#projects.change(context, id, input);
  }

  @Mutation()
  putMember(@Args() member: MutationPutMemberArgs, @Context() context: GraphqlContext): Promise<Member> {
    return this.#members.put(context, member);
  }

  @Mutation()
  removeMember(@Args() { id }: MutationRemoveMemberArgs, @Context() context: GraphqlContext): Promise<boolean> {
    return this.#members.remove(context, id);
  }
}
