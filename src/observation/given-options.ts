import { reportDefect } from "../diagnostics/guard";
import type { Diagnostics } from "../diagnostics/logger";
import type { StartOptions } from "./types";

/*
 * Options that are read one by one wherever an observation starts; a getter of the caller's may throw.
 * Each has a function of its own: a name that varies, or a closure, would show in what every observation costs.
 */

export function givenStartTime(options: StartOptions, diagnostics: Diagnostics): unknown {
  try {
    return options.startTime;
  } catch (error) {
    reportDefect(diagnostics, error);
    return undefined;
  }
}

export function givenTraceId(options: StartOptions, diagnostics: Diagnostics): unknown {
  try {
    return options.traceId;
  } catch (error) {
    reportDefect(diagnostics, error);
    return undefined;
  }
}

export function givenSampled(options: StartOptions, diagnostics: Diagnostics): unknown {
  try {
    return options.sampled;
  } catch (error) {
    reportDefect(diagnostics, error);
    return undefined;
  }
}
