import { AsyncLocalStorage } from "node:async_hooks";
import type { Mask, OutgoingRecord } from "../../config/outgoing-record";
import type { Diagnostics } from "../../diagnostics/logger";
import { detached } from "../detached";

export interface MaskOptions {
  readonly mask: Mask;
  /** Longest time of one call, in milliseconds. */
  readonly timeoutMs: number;
  readonly diagnostics: Diagnostics;
}

/** @returns the masked record; undefined when masking failed; a promise of these from an async mask */
export type MaskCall = (
  record: OutgoingRecord,
) => OutgoingRecord | undefined | Promise<OutgoingRecord | undefined>;

/**
 * Calls the user's mask. What it throws, rejects with, or returns by mistake counts as failed, is
 * said once per cause, and never gets into the program.
 *
 * A mask that traces would be asked to mask what it traced, and so on: what ends inside it is not
 * given to it.
 */
export function createMaskCall({ mask, timeoutMs, diagnostics }: MaskOptions): MaskCall {
  const inside = new AsyncLocalStorage<true>();
  const fail = (cause: string): undefined => tellMaskFailure(diagnostics, cause);
  const check = (kind: OutgoingRecord["kind"], result: unknown): OutgoingRecord | undefined => {
    if (typeof result !== "object" || result === null || Array.isArray(result)) {
      return fail(`returned ${result === null ? "null" : `a value of type ${typeof result}`}`);
    }
    const record = result as Partial<OutgoingRecord>; // its texts are read one by one
    if (record.kind !== kind) return fail(`returned another kind of record`);
    return record as OutgoingRecord;
  };

  return (record) => {
    if (inside.getStore() === true) return fail("traces itself");
    const { kind } = record;
    try {
      const result: unknown = detached(() => inside.run(true, () => mask(record)));
      if (!isThenable(result)) return check(kind, result);
      return settleWithin(result, timeoutMs, () => fail(`did not answer within ${timeoutMs} ms`))
        .then((masked) => (masked === LATE ? undefined : check(kind, masked)))
        .catch((error: unknown) => fail(`failed with ${kindOf(error)}`));
    } catch (error) {
      return fail(`failed with ${kindOf(error)}`);
    }
  };
}

/** @param cause - completes the sentence "The mask …"; of small variety, without content */
export function tellMaskFailure(diagnostics: Diagnostics, cause: string): undefined {
  diagnostics.warnOnce(
    `mask ${cause}`,
    `The mask ${cause}; texts are replaced by "${MASKING_FAILED}". It gets one outgoing record ({ kind, name, input, ... }) and returns it.`,
  );
}

/** Stands for each text that could not be masked. */
export const MASKING_FAILED = "[masking failed]";
const LATE = Symbol("late");

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as Partial<PromiseLike<unknown>> | null | undefined)?.then === "function";
}

function settleWithin(
  work: PromiseLike<unknown>,
  timeoutMs: number,
  onLate: () => void,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      onLate();
      resolve(LATE);
    }, timeoutMs).unref();
    const settle =
      (then: (value: unknown) => void) =>
      (value: unknown): void => {
        clearTimeout(timer);
        then(value);
      };
    // Any thenable may throw here, or resolve to another one: of that, too, the end counts.
    Promise.resolve(work).then(settle(resolve), settle(reject));
  });
}

/** The error's class; its message may be content. */
function kindOf(error: unknown): string {
  try {
    return error instanceof Error ? String(error.name) : `a value of type ${typeof error}`;
  } catch {
    return "an unreadable error"; // what a hook throws may itself throw when it is looked at
  }
}
