import type { ObservationType } from "../attributes/observation-types";
import { ASYNC_DISPOSE, DISPOSE } from "../context/dispose-symbols";
import { type Observation, StartingPoint } from "./observation";
import type { NameOrOptions } from "./types";

/** Stands in where tracing is disabled: keeps nothing, costs nothing, has ids of zeros. */
class NoopObservation extends StartingPoint implements Observation {
  readonly id = "0".repeat(16);
  readonly traceId = "0".repeat(32);
  readonly type = "span";
  readonly name = "";
  readonly isRecording = false;

  update(): this {
    return this;
  }

  updateTrace(): this {
    return this;
  }

  end(): void {}

  recordError(): this {
    return this;
  }

  score(): this {
    return this;
  }

  scoreTrace(): this {
    return this;
  }

  [DISPOSE](): void {}

  async [ASYNC_DISPOSE](): Promise<void> {}

  protected override start(): Observation {
    return this;
  }

  protected override startActive<Result>(
    _type: ObservationType,
    _options: NameOrOptions,
    work: ((observation: Observation) => Result) | undefined,
  ): Result | Observation {
    return work === undefined ? this : work(this);
  }
}

export const NOOP_OBSERVATION: Observation = new NoopObservation();
