import type { Organisation, Project } from '@productgraph/domain-tenant';
import type { Tenants } from './database.ts';
import { CliFault } from './fault.ts';

/** A project with its organisation. */
export interface Place {
  readonly organisation: Organisation;
  readonly project: Project;
}

export async function allProjects({ store, overview }: Tenants): Promise<Place[]> {
  const places: Place[] = [];
  for (const organisation of await overview.organisations()) {
    for (const project of await store.projects(organisation.id)) places.push({ organisation, project });
  }
  return places;
}

/**
 * The project with that id or name; without one the only project there is.
 * @throws CliFault listing what there is
 */
export async function chooseProject(tenants: Tenants, wanted: string | undefined): Promise<Place> {
  const places = await allProjects(tenants);
  const names = places.map(({ project }) => `"${project.name}" (${project.id})`).join(', ');
  if (wanted === undefined) {
    const [only, ...others] = places;
    if (only !== undefined && others.length === 0) return only;
    throw new CliFault(
      only === undefined
        ? 'There is no project yet: make one with "productgraph projects create <name>".'
        : `There are several projects: choose one with --project: ${names}.`,
    );
  }
  const matches = places.filter(({ project }) => project.id === wanted || project.name === wanted);
  const [found, ...others] = matches;
  if (found === undefined) {
    throw new CliFault(`There is no project "${wanted}"${names === '' ? '' : `: there is ${names}`}.`);
  }
  if (others.length > 0) {
    throw new CliFault(`Several organisations have a project "${wanted}": give the id: ${names}.`);
  }
  return found;
}

/** The organisation with that id or name; without one the only organisation there is. */
export async function chooseOrganisation({ overview }: Tenants, wanted: string | undefined): Promise<Organisation> {
  const all = await overview.organisations();
  const matches = wanted === undefined ? all : all.filter(({ id, name }) => id === wanted || name === wanted);
  const [found, ...others] = matches;
  if (found !== undefined && others.length === 0) return found;
  const names = all.map(({ id, name }) => `"${name}" (${id})`).join(', ');
  throw new CliFault(
    found === undefined
      ? `There is no organisation${wanted === undefined ? ' yet' : ` "${wanted}"`}.`
      : `There are several organisations: choose one with --org: ${names}.`,
  );
}
