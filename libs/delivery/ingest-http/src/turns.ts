/** Runs `work` when one of a few places is free, in the order of asking. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>;

/** @param places how much work runs at a time, 1 or more */
export function createTurns(places: number): Turns {
  const waiting: (() => void)[] = [];
  let free = places;
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}
