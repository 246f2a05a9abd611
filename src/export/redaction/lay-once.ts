import {
  layTraceAttributes,
  NO_TRACE_ATTRIBUTES,
  type TraceAttributes,
} from "../../attributes/trace-attributes";
import { toTraceFields } from "./outgoing-trace";

/** By what lies below, then by what lies above. */
const known = new WeakMap<TraceAttributes, WeakMap<TraceAttributes, TraceAttributes>>();

/**
 * As `layTraceAttributes`, with the same object for the same two: what a mask has answered is known by
 * identity.
 */
export function layOnce(base: TraceAttributes, top: TraceAttributes): TraceAttributes {
  if (base === NO_TRACE_ATTRIBUTES || top === NO_TRACE_ATTRIBUTES) {
    return layTraceAttributes(base, top); // one of them, as it is
  }
  const ofBase = known.get(base) ?? new WeakMap<TraceAttributes, TraceAttributes>();
  known.set(base, ofBase);
  const layered = ofBase.get(top) ?? layTraceAttributes(base, top);
  ofBase.set(top, layered);
  return layered;
}

/**
 * The same for the spans of one trace, in their order. Scopes that say the same count as one: each
 * makes an object of its own, however often it is opened.
 */
export function layAllOnce(
  bases: readonly TraceAttributes[],
  top: TraceAttributes,
): readonly TraceAttributes[] {
  const firsts = new Map<string, TraceAttributes>();
  return bases.map((base) => {
    if (base === NO_TRACE_ATTRIBUTES) return top;
    const content = JSON.stringify([toTraceFields(base), base.public]);
    const first = firsts.get(content) ?? base;
    firsts.set(content, first);
    return layOnce(first, top);
  });
}
