/** A part of a process that must be started before its users and stopped after them. */
export interface Component {
  readonly name: string;
  start?(): Promise<void>;
  stop?(): Promise<void>;
}

export interface LifecycleEvents {
  onStarted?(component: string): void;
  onStopped?(component: string): void;
  /** A component failed to stop; the others are stopped all the same. */
  onStopFailed?(component: string, error: unknown): void;
}

export interface Lifecycle {
  /** Starts in order; when one fails, stops those already started in reverse order and throws its error. */
  start(): Promise<void>;
  /**
   * Stops in reverse order, once; further calls await the first. A component that is just starting is awaited and then
   * stopped, the rest is not started. Throws an AggregateError when components failed to stop.
   */
  stop(): Promise<void>;
}

/**
 * One ordered list of components: start in sequence with rollback, stop in reverse.
 * Nest runs hooks of one module concurrently (nestjs/nest 14773), so processes own this list and Nest only calls it.
 */
export function createLifecycle(components: readonly Component[], events: LifecycleEvents = {}): Lifecycle {
  const started: Component[] = [];
  let starting: Promise<void> = Promise.resolve();
  let stopping: Promise<void> | undefined;

  async function stopAll(): Promise<void> {
    const errors: unknown[] = [];
    for (let component = started.pop(); component !== undefined; component = started.pop()) {
      try {
        await component.stop?.();
        events.onStopped?.(component.name);
      } catch (error) {
        errors.push(error);
        events.onStopFailed?.(component.name, error);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, 'Some components failed to stop');
  }

  async function startAll(): Promise<void> {
    for (const component of components) {
      if (stopping !== undefined) return;
      try {
        await component.start?.();
        started.push(component);
        events.onStarted?.(component.name);
      } catch (error) {
        // A failing stop is reported through onStopFailed; the cause to show is the failed start.
        await stopAll().catch((stopError: unknown) => events.onStopFailed?.('lifecycle', stopError));
        throw error;
      }
    }
  }

  return {
    // Not begun before `starting` is set: a component may ask for the stop while it starts.
    start: () => (starting = Promise.resolve().then(startAll)),
    // A start that fails has stopped what it had started; its error belongs to the caller of start.
    stop: () => (stopping ??= starting.then(stopAll, stopAll)),
  };
}
