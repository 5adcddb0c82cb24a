import { InvalidQuestion, type Question, validateQuestion } from '@productgraph/domain-query';

/** Collects what is wrong with an input, so that all of it is told at once. */
export interface Faults {
  add(path: string, message: string): void;
  /** Adds what the domain finds wrong with the question, in the names of the input; once per field. */
  addFrom(question: Question): void;
  /** @throws InvalidQuestion with everything that was added */
  throwIfAny(): void;
}

/** The domain's names of fields → those of the GraphQL inputs. */
const NAMES: readonly (readonly [RegExp, string])[] = [
  [/^page\./, ''],
  [/(?<=\bfilter.*)\.filter(?!\w)/g, '.not'],
  [/^limit$/, 'first'],
  [/\.measure\.(field|percentile)$/, '.$1'],
  [/windowMs$/, 'window'],
  [/attribution\.step$/, 'attributionStep'],
  [/(breakdown|breakdowns\[\d+\])\.field$/, '$1'],
];

export function collectFaults(): Faults {
  const faults = new Map<string, string>();
  const add = (path: string, message: string): void => {
    if (!faults.has(path)) faults.set(path, message);
  };
  return {
    add,
    addFrom(question) {
      for (const fault of validateQuestion(question)) {
        const colon = fault.indexOf(': ');
        const path = NAMES.reduce((name, [from, to]) => name.replace(from, to), fault.slice(0, colon));
        add(path, fault.slice(colon + 2));
      }
    },
    throwIfAny() {
      if (faults.size > 0) throw new InvalidQuestion([...faults].map(([path, message]) => `${path}: ${message}`));
    },
  };
}
