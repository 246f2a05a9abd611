import { MediaUploader } from "../../export/media/media-uploader";
import { judge, type SendResult } from "../../export/send";
import type { Transport } from "../../export/transport";
import type { HandoverOutcome, HandoverProgress } from "../api/handover-types";
import type { ObservationRecord, ScoreRecord, TraceRecord } from "../store/records";
import type { Store } from "../store/store";
import type { Address } from "./address";
import { type FoundEndpoint, findEndpoint } from "./find-endpoint";
import { Ledger } from "./ledger";
import { type PersistOptions, persist } from "./persist";
import { filesOf, sendFile } from "./send-files";
import { sendScores } from "./send-scores";
import { MAX_BATCH_BYTES, MAX_BATCH_SPANS, sendSpans } from "./send-spans";
import { hasPlainIds, type SpanJson, spanJson, withPlainIds } from "./span-json";

export interface HandoverOptions {
  readonly store: Store;
  readonly sessionId: string;
  readonly address: Address;
  /** With the keys in its headers, where there are any. */
  readonly transport: Transport;
  readonly hasKeys: boolean;
  readonly onProgress: (progress: HandoverProgress) => void;
  /** Aborted when nobody waits any more: nothing further is sent then. */
  readonly signal: AbortSignal;
}

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

interface Step {
  readonly options: HandoverOptions;
  readonly endpoint: FoundEndpoint;
  readonly traces: readonly TraceRecord[];
  readonly ledger: Ledger;
}

function isOver({ options, ledger }: Step): boolean {
  return ledger.isStopped || options.signal.aborted;
}

function patience({ options, ledger }: Step, step: HandoverProgress["step"]): PersistOptions {
  return { signal: options.signal, onTrouble: (reason) => ledger.trouble(step, reason) };
}

async function sendAllFiles(step: Step): Promise<void> {
  const { options, endpoint, traces, ledger } = step;
  const { media } = options.store;
  const files = filesOf(
    traces.map(({ id }) => id),
    media,
  );
  const there = [...files].filter(([id]) => media.contentOf(id) !== undefined);
  const missingCount = files.size - there.length;
  if (missingCount > 0) {
    ledger.notes.push(`${counted(missingCount, "file")} never arrived here, and cannot be sent.`);
  }
  ledger.find("files", there.length);
  if (there.length === 0) return;
  if (endpoint.kind === "otlp") {
    ledger.notes.push(
      `${counted(there.length, "file")} cannot be sent: OpenTelemetry has no place for files.`,
    );
    return;
  }
  const uploader = new MediaUploader(targetOf(endpoint), options.transport);
  for (const [id, places] of there) {
    if (isOver(step)) return;
    const record = media.get(id);
    const bytes = media.contentOf(id);
    if (record === undefined || bytes === undefined) continue; // deleted meanwhile
    const { hash, contentType } = record;
    const outcome = await sendFile({ id, hash, contentType, bytes }, places, uploader);
    if (outcome.status === "sent") ledger.sent("files");
    else if (outcome.status === "refused") ledger.refused("files", 1, outcome.reason);
    else {
      const count = ledger.countsOf("files").left;
      ledger.refused("files", count, `${endpoint.baseUrl} takes no files`);
      return;
    }
  }
}

/** What the uploader wants to know of an endpoint. */
function targetOf({ baseUrl, tracesUrl }: FoundEndpoint): MediaUploader["config"] {
  return {
    name: baseUrl,
    publicKey: undefined, // they stand in the transport's headers
    secretKey: undefined,
    headers: {},
    baseUrl,
    tracesUrl,
    ingestionUrl: `${baseUrl}/api/public/ingestion`,
    protocol: "otlp",
    isGzipWanted: true,
    route: undefined,
  };
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
      else if (outcome.status === "stopped") ledger.stop(stopReason(endpoint, outcome.reason));
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

/** Langfuse 4 looks for session and user in each row; elsewhere a row says what it said. */
function complete(
  record: ObservationRecord,
  trace: TraceRecord,
  { kind }: FoundEndpoint,
): ObservationRecord {
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

async function sendAllScores(step: Step): Promise<void> {
  const { options, endpoint, traces, ledger } = step;
  const { store, transport, sessionId } = options;
  const scores = [
    ...traces.flatMap(({ id }) => store.scoresOfTrace(id)),
    ...store.scoresOfSession(sessionId),
  ];
  ledger.find("scores", scores.length);
  if (scores.length === 0 || isOver(step)) return;
  if (endpoint.kind === "otlp") {
    ledger.notes.push(
      `${counted(scores.length, "score")} cannot be sent: OpenTelemetry has no place for scores. Give the address of a Langfuse-compatible server to send them.`,
    );
    return;
  }
  const known = await knownConfigs(step, scores);
  if (known === undefined) return;
  const hasConfig = (id: string): boolean => endpoint.kind === "studio" || known.has(id);
  const loose = scores.filter(({ configId }) => configId !== null && !hasConfig(configId));
  if (loose.length > 0) {
    ledger.notes.push(
      `${counted(loose.length, "score")} went without score configuration: the endpoint does not have it.`,
    );
  }
  const { baseUrl } = endpoint;
  const sender = { transport, baseUrl, hasConfig, ...patience(step, "scores") };
  for await (const outcome of sendScores(scores, sender)) {
    if (outcome.status === "sent") ledger.sent("scores");
    else if (outcome.status === "refused") ledger.refused("scores", 1, outcome.reason);
    else ledger.stop(stopReason(endpoint, outcome.reason));
    if (isOver(step)) return;
  }
}

/** Ids of score configurations that are named here and known there; undefined where that cannot be found out. */
async function knownConfigs(
  step: Step,
  scores: readonly ScoreRecord[],
): Promise<ReadonlySet<string> | undefined> {
  const { options, endpoint, ledger } = step;
  const known = new Set<string>();
  if (endpoint.kind === "studio") return known; // it takes any
  const ids = new Set(scores.flatMap(({ configId }) => (configId === null ? [] : [configId])));
  for (const id of ids) {
    const url = `${endpoint.baseUrl}/api/public/score-configs/${encodeURIComponent(id)}`;
    const look = async (): Promise<SendResult | { readonly status: "missing" }> => {
      const answer = await options.transport.get(url);
      const isMissing = "status" in answer && answer.status === 404;
      return isMissing ? { status: "missing" } : judge(answer, url);
    };
    const result = await persist(look, patience(step, "scores"));
    if (result.status === "delivered") known.add(id);
    else if (result.status !== "missing") {
      ledger.stop(stopReason(endpoint, "reason" in result ? result.reason : result.status));
      return undefined;
    }
  }
  return known;
}

function stopReason({ tracesUrl }: FoundEndpoint, reason: string): string {
  return `${new URL(tracesUrl).origin} takes nothing more: ${reason}. Send it again to go on; nothing is doubled.`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
