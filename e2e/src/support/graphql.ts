/** A client of the GraphQL port, as a script of a user would have it. */
export interface GraphqlClient {
  /** @throws GraphqlFault when the answer has errors */
  ask<T>(query: string, variables?: Readonly<Record<string, unknown>>): Promise<T>;
}

export class GraphqlFault extends Error {
  override readonly name = 'GraphqlFault';
  readonly codes: readonly string[];

  constructor(errors: readonly { message: string; extensions?: { code?: string } }[]) {
    super(errors.map((error) => error.message).join('; '));
    this.codes = errors.map((error) => error.extensions?.code ?? 'none');
  }
}

interface Answer<T> {
  data?: T | null;
  errors?: { message: string; extensions?: { code?: string } }[];
}

export function graphqlClient(url: string, token: string): GraphqlClient {
  return {
    async ask<T>(query: string, variables: Readonly<Record<string, unknown>> = {}) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query, variables }),
      });
      const answer = (await response.json()) as Answer<T>;
      if (answer.errors !== undefined) throw new GraphqlFault(answer.errors);
      if (answer.data === null || answer.data === undefined)
        throw new Error(`No data, status ${String(response.status)}`);
      return answer.data;
    },
  };
}

/** Every node of a connection, page by page. `query` takes $after and selects `connection { edges { node } pageInfo }`. */
export async function allNodes<T>(
  client: GraphqlClient,
  query: string,
  options: { connection: string; variables?: Readonly<Record<string, unknown>> },
): Promise<T[]> {
  type Page = Record<string, { edges: { node: T }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } }>;
  const nodes: T[] = [];
  for (let after: string | null = null; ;) {
    const data: Page = await client.ask<Page>(query, { ...options.variables, after });
    const page = data[options.connection];
    if (page === undefined) throw new Error(`No ${options.connection} in the answer`);
    nodes.push(...page.edges.map((edge) => edge.node));
    if (!page.pageInfo.hasNextPage) return nodes;
    after = page.pageInfo.endCursor;
  }
}
