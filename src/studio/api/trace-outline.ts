import type { TraceRecord } from "../store/records";
import type { Store } from "../store/store";
import type { TraceOutline } from "./detail-types";
import { parsedOrText } from "./observation-fields";
import { stepView, turnHead } from "./step-views";
import { scoreView } from "./studio-views";

/** A trace with the outline of each observation, however many there are. */
export function traceOutline(trace: TraceRecord, store: Store): TraceOutline {
  const root = store.outlines.getObservation(trace.id, trace.rootId);
  return {
    ...turnHead(trace),
    rootId: trace.rootId,
    metadata: store.outlines.metadataOfTrace(trace.id),
    input: parsedOrText(root?.input ?? null),
    output: parsedOrText(root?.output ?? null),
    level: root?.level ?? "DEFAULT",
    statusMessage: root?.statusMessage ?? null,
    steps: store.outlines.stepsOfTrace(trace.id).map((step) => stepView(step, trace.startUs)),
    scores: store.scoresOfTrace(trace.id).map(scoreView),
  };
}
