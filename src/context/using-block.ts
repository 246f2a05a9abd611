import { executionAsyncId } from "node:async_hooks";
import { CallStack, isOfEngine, isSameFunction, isSamePlace } from "./call-stack";

/** The function whose `using` holds a frame. */
interface Owner {
  /** What called it, outermost first. */
  readonly callers: readonly NodeJS.CallSite[];
  readonly call: NodeJS.CallSite;
  /** Characters from the start of its file: beyond, the frame is entered. */
  readonly position: number;
  /** It waits at a `yield`, and may be resumed by another caller. */
  readonly isGenerator: boolean;
}

/** Resumes a generator; the engine's own function. */
const RESUMES_GENERATOR = /^(next|return|throw)$/;
/** `DisposableStack.use(span)` does not bind the span to the block that calls it. */
const HANDS_OVER = /^use$/;

/**
 * The block of a `using` declaration, while the code that entered it has not yet waited for anything.
 *
 * An async function runs up to its first `await` in its caller's context. What it enters there is
 * current for the caller, too, when the function waits and the caller goes on, and the engine has no
 * word for "this function waits now". But the calls in progress tell: where the function that holds
 * the `using` is not among them, or not past it, the code that asks is outside of the block.
 *
 *     main ─▶ f("a") ─▶ using a ─▶ await     calls: main:1 f:5      a is current
 *          ─▶ f("b") ─▶ start …              calls: main:2 f:4      a is not: f("a") waits
 *
 * Later, each continuation has a context of its own, and nothing is asked here any more.
 */
export class UsingBlock {
  readonly #asyncId = executionAsyncId();
  #entered = CallStack.capture();
  #bound: CallStack | undefined;
  /** Null when it cannot be told. */
  #owner: Owner | null | undefined;
  #isRunOver = false;

  /** Made where the frame is entered. */
  constructor() {
    // Not queueMicrotask, which tests with a clock of their own replace.
    void Promise.resolve().then(() => this.close());
  }

  /** Nothing is asked any more: lets go of all that the calls in progress hold. */
  close(): void {
    this.#isRunOver = true;
    this.#entered = this.#bound = this.#owner = undefined;
  }

  /** Called when `using` takes the disposable, which tells its owner from a helper's frames. */
  bind(): void {
    if (this.#isInRun()) this.#bound ??= CallStack.capture();
  }

  /** Whether the code that runs now is known to be outside of the block. */
  isElsewhere(): boolean {
    if (this.#bound === undefined || this.#entered === undefined || !this.#isInRun()) return false;
    this.#owner ??= findOwner(this.#entered.calls, this.#bound.calls) ?? null;
    if (this.#owner === null) return false;
    const now = CallStack.capture()?.calls ?? [];
    return now.length > 0 && !isWithin(this.#owner, now);
  }

  /** No other task, and no continuation, has begun since. */
  #isInRun(): boolean {
    return !this.#isRunOver && executionAsyncId() === this.#asyncId;
  }
}

/** The innermost call that both entered the frame and holds the `using`. */
function findOwner(
  entered: readonly NodeJS.CallSite[],
  bound: readonly NodeJS.CallSite[],
): Owner | undefined {
  let depth = 0;
  for (let index = 0; ; index += 1) {
    const [one, other] = [entered[index], bound[index]];
    if (one === undefined || other === undefined || !isSameFunction(one, other)) break;
    depth = index + 1;
    if (!isSamePlace(one, other)) break;
  }
  const [call, other] = [entered[depth - 1], bound[depth - 1]];
  if (call === undefined || other === undefined) return undefined;
  if (HANDS_OVER.test(bound[depth]?.getFunctionName() ?? "")) return undefined;
  const resumer = entered[depth - 2];
  return {
    callers: entered.slice(0, depth - 1),
    call,
    // Compiled, `using x = f()` is `x = hold(f())`: f is called from beyond where hold is.
    position: Math.max(call.getPosition(), other.getPosition()),
    isGenerator:
      resumer !== undefined &&
      isOfEngine(resumer) &&
      RESUMES_GENERATOR.test(resumer.getFunctionName() ?? ""),
  };
}

function isWithin(owner: Owner, now: readonly NodeJS.CallSite[]): boolean {
  const isPast = (call: NodeJS.CallSite | undefined): boolean =>
    call !== undefined && call.getPosition() > owner.position && isSameFunction(call, owner.call);
  if (owner.isGenerator) return now.some(isPast);
  const { callers } = owner;
  if (!isPast(now[callers.length])) return false;
  return callers.every((caller, index) => {
    const call = now[index];
    return call !== undefined && isSamePlace(call, caller);
  });
}
