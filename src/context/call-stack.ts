/** Of a deeper stack nothing is told: reading it would take milliseconds. */
const MAX_CALLS = 256;

/** The calls in progress at a moment, read only when they are asked for, which costs most. */
export class CallStack {
  readonly #holder: { stack?: unknown };
  #calls: readonly NodeJS.CallSite[] | undefined;

  private constructor(holder: { stack?: unknown }) {
    this.#holder = holder;
  }

  /** @returns undefined where the engine does not tell */
  static capture(): CallStack | undefined {
    const { stackTraceLimit } = Error;
    const holder = {};
    try {
      Error.stackTraceLimit = MAX_CALLS + 1; // calls are compared from the outermost on: all or none
      Error.captureStackTrace(holder, CallStack.capture);
      return new CallStack(holder);
    } catch {
      return undefined; // not V8, or a frozen Error
    } finally {
      restore(() => {
        Error.stackTraceLimit = stackTraceLimit;
      });
    }
  }

  /** Outermost first; none where they cannot be told. Without those that wait for the outermost to go on. */
  get calls(): readonly NodeJS.CallSite[] {
    this.#calls ??= this.#read();
    return this.#calls;
  }

  #read(): readonly NodeJS.CallSite[] {
    const { prepareStackTrace } = Error;
    try {
      Error.prepareStackTrace = (_, sites) => sites;
      const sites = this.#holder.stack;
      if (!Array.isArray(sites) || sites.length > MAX_CALLS) return [];
      const calls: NodeJS.CallSite[] = sites; // what prepareStackTrace gave
      return calls.filter((call) => !call.isAsync()).reverse();
    } catch {
      return []; // a frozen Error
    } finally {
      restore(() => {
        Error.prepareStackTrace = prepareStackTrace;
      });
    }
  }
}

/** Both run the same function, wherever in it they are. */
export function isSameFunction(one: NodeJS.CallSite, other: NodeJS.CallSite): boolean {
  return (
    one.getFileName() === other.getFileName() &&
    one.getFunctionName() === other.getFunctionName() &&
    one.getEnclosingLineNumber() === other.getEnclosingLineNumber() &&
    one.getEnclosingColumnNumber() === other.getEnclosingColumnNumber()
  );
}

/** Both are at the same place of the same file; a function of the engine's own has no places. */
export function isSamePlace(one: NodeJS.CallSite, other: NodeJS.CallSite): boolean {
  if (one.getFileName() !== other.getFileName()) return false;
  if (isOfEngine(one)) return one.getFunctionName() === other.getFunctionName();
  return one.getPosition() === other.getPosition();
}

/** E.g. `Array.prototype.map`. */
export function isOfEngine(call: NodeJS.CallSite): boolean {
  return call.getFileName() == null && !call.isEval();
}

function restore(setBack: () => void): void {
  try {
    setBack();
  } catch {
    // What cannot be set was not changed either.
  }
}
