import { AsyncLocalStorage } from "node:async_hooks";

/**
 * What is active at a point of the program, for one client. Immutable: a scope is a new frame.
 * @typeParam Active - the observation, opaque here
 * @typeParam Scope - attributes given by the scopes around
 */
export interface Frame<Active, Scope> {
  readonly active: Active | undefined;
  /** Given since `active` began (inside its trace), or outside any trace where nothing is active. */
  readonly scope: Scope | undefined;
}

/**
 * The context of one client on an AsyncLocalStorage of its own: no OpenTelemetry context manager is
 * needed, and none that is registered can disturb it. Clients do not see each other's spans.
 */
export class ContextStore<Active, Scope> {
  readonly #storage = new AsyncLocalStorage<Frame<Active, Scope>>();

  get current(): Frame<Active, Scope> | undefined {
    return this.#storage.getStore();
  }

  run<Result>(frame: Frame<Active, Scope> | undefined, work: () => Result): Result {
    return frame === undefined ? this.#storage.exit(work) : this.#storage.run(frame, work);
  }

  /** @returns `work`, running in the frame that is current now, whenever it is called */
  bind<Args extends unknown[], Result>(work: (...args: Args) => Result): (...args: Args) => Result {
    const frame = this.current;
    return (...args) => this.run(frame, () => work(...args));
  }

  /**
   * Makes a frame current for what follows in this function and all it starts.
   * @returns restores the frame that was current
   */
  enter(frame: Frame<Active, Scope>): () => void {
    const before = this.#storage.getStore();
    this.#storage.enterWith(frame);
    return () => {
      // enterWith takes undefined for "nothing current", though its type does not say so.
      this.#storage.enterWith(before as Frame<Active, Scope>);
    };
  }
}
