import type { Component } from '@productgraph/kernel';

/** A component whose start makes a value that later components use. */
export interface Part<T> extends Component {
  /** @throws Error before the start: the list of components is in the wrong order */
  readonly value: T;
}

/** One line of a process's list of parts: how it comes up, and how what came up goes away. */
export function part<T>(name: string, start: () => T | Promise<T>, stop?: (value: T) => unknown): Part<T> {
  let made: { readonly value: T } | undefined;
  return {
    name,
    async start() {
      made = { value: await start() };
    },
    async stop() {
      if (made !== undefined) await stop?.(made.value);
      made = undefined;
    },
    get value() {
      if (made === undefined) throw new Error(`${name} is used before it has been started`);
      return made.value;
    },
  };
}
