import type { ObservationRecord } from "../store/records";
import type { JsonObject } from "./types";

/** What the observations of a trace say of it, merged key by key; the later start wins. */
export function traceMetadata(observations: readonly ObservationRecord[]): JsonObject {
  const merged = observations.flatMap(({ traceMetadata: given }) => Object.entries(given));
  return Object.fromEntries(merged);
}
