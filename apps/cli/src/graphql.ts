import { CliFault } from './fault.ts';

/** Asks the GraphQL API of a server. */
export interface GraphqlClient {
  /** @throws CliFault with the server's own words */
  ask<T>(query: string, variables: Readonly<Record<string, unknown>>): Promise<T>;
}

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string }[];
  readonly error?: { readonly message: string };
}

export function createGraphqlClient(url: string, token: string): GraphqlClient {
  return {
    async ask<T>(query: string, variables: Readonly<Record<string, unknown>>): Promise<T> {
      const answer = await post(url, { token, body: JSON.stringify({ query, variables }) });
      const refused = answer.error?.message ?? answer.errors?.map(({ message }) => message).join('; ');
      if (refused !== undefined) throw new CliFault(`${url} refused: ${refused}`);
      return answer.data as T;
    },
  };
}

async function post(url: string, { token, body }: { token: string; body: string }): Promise<Answer> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  try {
    const response = await fetch(new URL('/graphql', url), { method: 'POST', headers, body });
    return (await response.json()) as Answer;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new CliFault(`${url} cannot be reached (${message}): start the server or give another --url.`, {
      cause: error,
    });
  }
}
