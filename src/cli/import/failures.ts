import { PlayheadError } from "../../diagnostics/errors";
import type { DeliveredSession } from "./deliver-session";

/** Failures in a row after which the source or the studio is taken to be gone. */
const MAX_IN_A_ROW = 3;

/** Sessions that could not be read or written: one costs no other, but many do. */
export class Failures {
  #count = 0;
  #inARow = 0;
  #last: PlayheadError | undefined;

  /** Whether the sessions to come would fail as well: keys refused, or nobody there. */
  get isHopeless(): boolean {
    return (
      (this.#inARow > 0 && this.#last?.code === "ENDPOINT_REFUSED") ||
      (this.#inARow >= MAX_IN_A_ROW && this.#last?.code === "ENDPOINT_UNREACHABLE")
    );
  }

  /** A session went well. */
  end(): void {
    this.#inARow = 0;
  }

  /**
   * @returns what there is to say of the session
   * @throws what is no failure of an endpoint
   */
  take(id: string, error: unknown): DeliveredSession {
    if (!(error instanceof PlayheadError)) throw error;
    this.#count += 1;
    this.#inARow += 1;
    this.#last = error;
    const problems = [`Session ${JSON.stringify(id)}: ${error.message}`];
    return { id, traces: 0, observations: 0, scores: 0, problems };
  }

  /** @throws PlayheadError the last one, where no session went well, as nobody is there or keys are refused */
  throwIfAll(sessionCount: number): void {
    if (this.#last === undefined || this.#count < sessionCount) return;
    if (this.#last.code !== "ENDPOINT_UNEXPECTED") throw this.#last;
  }
}
