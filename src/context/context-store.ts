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

/** A frame that was entered, not run: it stays where it has leaked to, so it knows when it is over. */
interface EnteredFrame<Active, Scope> extends Frame<Active, Scope> {
  readonly before: Frame<Active, Scope> | undefined;
  isLeft: boolean;
}

/**
 * The context of one client on an AsyncLocalStorage of its own: no OpenTelemetry context manager is
 * needed, and none that is registered can disturb it. Clients do not see each other's spans.
 */
export class ContextStore<Active, Scope> {
  readonly #storage = new AsyncLocalStorage<Frame<Active, Scope>>();

  get current(): Frame<Active, Scope> | undefined {
    let frame: Frame<Active, Scope> | undefined = this.#storage.getStore();
    while (frame !== undefined && isEntered(frame) && frame.isLeft) frame = frame.before;
    return frame;
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
   *
   * An async function that enters a frame before its first `await` does so in its caller's context,
   * too, and leaves it in its own only. Hence the mark: once left, the frame is passed over wherever
   * it is still found. While it is open, whoever shares that context sees it as current.
   * @returns leaves the frame; in any order with others, and once
   */
  enter(frame: Frame<Active, Scope>): () => void {
    const before = this.current;
    const entered: EnteredFrame<Active, Scope> = { ...frame, before, isLeft: false };
    this.#storage.enterWith(entered);
    return () => {
      entered.isLeft = true;
      if (this.#storage.getStore() !== entered) return;
      // enterWith takes undefined for "nothing current", though its type does not say so.
      this.#storage.enterWith(before as Frame<Active, Scope>);
    };
  }
}

function isEntered<Active, Scope>(
  frame: Frame<Active, Scope>,
): frame is EnteredFrame<Active, Scope> {
  return "isLeft" in frame;
}
