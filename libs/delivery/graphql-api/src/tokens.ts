/* Tokens by which Nest hands the use cases to the resolvers; each is named like the type that stands behind it. */

export const ASK = Symbol('Ask');
export const ACCESS = Symbol('Access');
export const TENANT_STORE = Symbol('TenantStore');
export const PROJECTS = Symbol('Projects');
export const KEYS = Symbol('Keys');
export const MEMBERS = Symbol('Members');
export const OPERATIONS = Symbol('Operations');
export const EXPLORER_PAGE = Symbol('ExplorerPage');
