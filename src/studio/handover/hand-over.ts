import type { HandoverOutcome } from "../api/handover-types";
import { counted } from "../conversation/format";
import type { ObservationRecord, TraceRecord } from "../store/records";
import { sendAllFiles } from "./all-files";
import { sendAllScores } from "./all-scores";
import { type FoundEndpoint, findEndpoint } from "./find-endpoint";
import { Ledger } from "./ledger";
import { MAX_BATCH_BYTES, MAX_BATCH_SPANS, type SpanOutcome, sendSpans } from "./send-spans";
import { hasPlainIds, type SpanJson, spanJson, withPlainIds } from "./span-json";
import { type HandoverOptions, isOver, patience, type Step, stopReason } from "./step";

/** Refusals after which nothing more is tried, where nothing at all was taken. */
const MAX_VAIN_REFUSALS = 20;

/**
 * Sends all that is kept of a session to another endpoint: files, observations, scores. Everything
 * goes under the ids and with the times that it has, so that sending it again, or going on after it
 * broke off, doubles nothing.
 * @throws (rejects) HandoverError when nothing can be sent at all
 */
export async function handOver(options: HandoverOptions): Promise<HandoverOutcome> {
  const { store, sessionId, address, transport, hasKeys, onProgress, signal } = options;
  const endpoint = await findEndpoint(address, transport, hasKeys);
  const { kind, project, tracesUrl } = endpoint;
  const traces = store.tracesOfSession(sessionId);
  const ledger = new Ledger(onProgress);
  noteWhatStays(options, ledger);
  const steps = [sendAllFiles, sendAllObservations, sendAllScores];
  for (const step of steps) await step({ options, endpoint, traces, ledger });
  const [files, observations, scores] = [
    ledger.countsOf("files"),
    ledger.countsOf("observations"),
    ledger.countsOf("scores"),
  ];
  const hasAll = observations.refused + observations.left + files.refused + scores.refused === 0;
  const isWhole = kind === "otlp" || files.left + scores.left === 0;
  return {
    type: "outcome",
    sessionId,
    to: tracesUrl,
    kind,
    project,
    isComplete: hasAll && isWhole && !ledger.isStopped && !signal.aborted,
    traceCount: traces.length,
    observations,
    scores,
    files,
    notes: ledger.notes,
    problems: ledger.problems,
  };
}

/** No endpoint takes these; a session file does. */
function noteWhatStays({ store, sessionId }: HandoverOptions, ledger: Ledger): void {
  const commentCount = store.archive.commentsOf(sessionId).length;
  const isBookmarked = store.getSession(sessionId)?.isBookmarked === true;
  const staying = [
    ...(commentCount > 0 ? [counted(commentCount, "comment")] : []),
    ...(isBookmarked ? ["the bookmark"] : []),
  ];
  if (staying.length === 0) return;
  ledger.notes.push(
    `Not sent: ${staying.join(" and ")}. An exported session file takes them along.`,
  );
}

async function sendAllObservations(step: Step): Promise<void> {
  const { options, endpoint, traces, ledger } = step;
  const { transport, store } = options;
  ledger.find(
    "observations",
    traces.reduce((sum, { observationCount }) => sum + observationCount, 0),
  );
  const sender = { transport, tracesUrl: endpoint.tracesUrl, ...patience(step, "observations") };
  let renamedCount = 0;
  const spans = function* (): Generator<SpanJson> {
    for (const trace of traces) {
      for (const record of store.observationsOfTrace(trace.id)) {
        const isRenamed = endpoint.kind === "otlp" && !hasPlainIds(record);
        if (isRenamed) renamedCount += 1;
        yield spanJson(isRenamed ? withPlainIds(record) : complete(record, trace, endpoint));
      }
    }
  };
  for (const batch of batchesOf(spans())) {
    if (isOver(step)) return;
    for await (const outcome of sendSpans(batch, sender)) {
      if (outcome.status === "sent") ledger.sent("observations", outcome.count);
      else if (outcome.status === "stopped") ledger.stop(whyStopped(step, outcome));
      else ledger.refused("observations", outcome.count, outcome.reason);
      const { sent, refused } = ledger.countsOf("observations");
      if (sent === 0 && refused >= MAX_VAIN_REFUSALS) {
        ledger.stop(`${endpoint.tracesUrl} has taken none of ${refused} observations: given up.`);
      }
      if (isOver(step)) break;
    }
  }
  if (renamedCount > 0) {
    ledger.notes.push(
      `${counted(renamedCount, "observation")} got other ids, the same each time: OpenTelemetry knows no such ids.`,
    );
  }
}

/** Where nothing at all was taken, it may well be the wrong place. */
function whyStopped(
  { endpoint, ledger }: Step,
  { reason, isForGood }: SpanOutcome & { readonly status: "stopped" },
): string {
  const isTaking = ledger.countsOf("observations").sent > 0;
  if (endpoint.kind !== "otlp" || !isForGood || isTaking) return stopReason(endpoint, reason);
  return `Nothing takes traces at ${endpoint.tracesUrl}: ${reason}. Check the address, and the keys if it demands some; neither a Langfuse nor a studio answers there.`;
}

/**
 * Langfuse 4 looks for session and user in each row; elsewhere a row says what it said. Another studio
 * is sent no cost that this one calculated: it would take it for one that the application sent.
 */
function complete(
  record: ObservationRecord,
  trace: TraceRecord,
  { kind }: FoundEndpoint,
): ObservationRecord {
  if (kind === "studio" && record.priceModelId !== undefined) return { ...record, costDetails: {} };
  if (kind !== "langfuse") return record;
  return {
    ...record,
    sessionId: record.sessionId ?? trace.sessionId,
    userId: record.userId ?? trace.userId,
    traceName: record.traceName ?? trace.name,
  };
}

function* batchesOf(spans: Iterable<SpanJson>): Generator<readonly SpanJson[]> {
  let batch: SpanJson[] = [];
  let bytes = 0;
  for (const span of spans) {
    const length = Buffer.byteLength(span.json);
    const isFull = batch.length === MAX_BATCH_SPANS || bytes + length > MAX_BATCH_BYTES;
    if (batch.length > 0 && isFull) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(span);
    bytes += length;
  }
  if (batch.length > 0) yield batch;
}
