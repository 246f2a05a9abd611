import { AsyncLocalStorage } from "node:async_hooks";
import { UsingBlock } from "./using-block";

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
  readonly block: UsingBlock;
  isLeft: boolean;
}

/** What became of leaving a frame. */
export type LeaveResult =
  | "left"
  /** A frame entered within it is still open: they were left in the wrong order. */
  | "left before one within"
  | "already left";

/** A frame that was made current. */
export interface Entry {
  /** Says that `using` takes it now: it belongs to the block of the code that runs. */
  bind(): void;
  /** Makes what was current before current again; in any order with others. */
  leave(): LeaveResult;
}

/**
 * The context of one client on an AsyncLocalStorage of its own: no OpenTelemetry context manager is
 * needed, and none that is registered can disturb it. Clients do not see each other's spans.
 */
export class ContextStore<Active, Scope> {
  readonly #storage = new AsyncLocalStorage<Frame<Active, Scope>>();

  get current(): Frame<Active, Scope> | undefined {
    let frame: Frame<Active, Scope> | undefined = this.#storage.getStore();
    while (frame !== undefined && isEntered(frame)) {
      if (!frame.isLeft && !frame.block.isElsewhere()) return frame;
      frame = frame.before;
    }
    return frame;
  }

  run<Result>(frame: Frame<Active, Scope>, work: () => Result): Result {
    return this.#storage.run(frame, work);
  }

  /** @returns `work`, running in what is current now, whenever it is called */
  bind<Args extends unknown[], Result>(work: (...args: Args) => Result): (...args: Args) => Result {
    const frame = this.current;
    // A frame of its own for each call: with one that is current already, or with none, Node 20 would
    // not restore what `work` enters without leaving.
    return (...args) =>
      this.run({ active: frame?.active, scope: frame?.scope }, () => work(...args));
  }

  /**
   * Makes a frame current for what follows in this function and all it starts.
   *
   * An async function that enters a frame before its first `await` does so in its caller's context,
   * too, and leaves it in its own only. Hence the mark: once left, the frame is passed over wherever
   * it is still found. While it is open, its {@link UsingBlock} tells caller and function apart up to
   * the caller's own next `await`. What the caller starts after that, while the function still runs,
   * sees the frame as current: nothing in the language can tell.
   * @param before - what is current
   */
  enter(frame: Frame<Active, Scope>, before: Frame<Active, Scope> | undefined): Entry {
    const block = new UsingBlock();
    const entered: EnteredFrame<Active, Scope> = { ...frame, before, block, isLeft: false };
    this.#storage.enterWith(entered);
    return {
      bind: () => block.bind(),
      leave: () => {
        if (entered.isLeft) return "already left";
        const isInnermost = this.#storage.getStore() === entered;
        const hasOneWithin = !isInnermost && this.#isWithin(entered);
        entered.isLeft = true;
        block.close();
        // enterWith takes undefined for "nothing current", though its type does not say so.
        if (isInnermost) this.#storage.enterWith(before as Frame<Active, Scope>);
        return hasOneWithin ? "left before one within" : "left";
      },
    };
  }

  /** Whether what is current was entered, in this context, after `entered`. */
  #isWithin(entered: EnteredFrame<Active, Scope>): boolean {
    let frame = this.current;
    if (frame === entered) return false;
    while (frame !== undefined && isEntered(frame) && frame !== entered) frame = frame.before;
    return frame === entered;
  }
}

function isEntered<Active, Scope>(
  frame: Frame<Active, Scope>,
): frame is EnteredFrame<Active, Scope> {
  return "isLeft" in frame;
}
