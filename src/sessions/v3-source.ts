import { ask, endless, type Parameters, type ReadEndpoint, read, unexpected } from "./endpoint";
import {
  captured,
  type Fields,
  fieldsOf,
  listOf,
  numberOf,
  numbersOf,
  objectOf,
  textOf,
  textsOf,
} from "./json-fields";
import {
  byTime,
  distinct,
  MAX_PAGES,
  mapFew,
  type PageLimit,
  type SessionSource,
  spokenText,
} from "./source";
import type { SourceObservation, SourceScore, SourceTrace } from "./types";

const PAGE_SIZE = 100;

/**
 * Reads as Langfuse 3 offers it: traces by session, each with its observations.
 * Spec: langfuse-contract, section 5
 */
export const v3Source: SessionSource = {
  async *candidates(endpoint, { userId, tag, since, ...limit }) {
    const seen = new Set<string>();
    const filter = { userId, tags: tag, fromTimestamp: since?.toISOString() };
    const query = { ...filter, orderBy: "timestamp.desc", fields: "core" };
    for await (const trace of pages(endpoint, "/api/public/traces", query, limit)) {
      const id = textOf(trace["sessionId"]);
      if (id === null || seen.has(id)) continue;
      seen.add(id);
      yield id;
    }
  },

  async overview(endpoint, id, { hasErrors }) {
    const query = { sessionId: id, orderBy: "timestamp.asc", fields: "core,io,metrics" };
    const traces: Fields[] = [];
    const limit = { maxPages: MAX_PAGES };
    for await (const trace of pages(endpoint, "/api/public/traces", query, limit)) {
      traces.push(trace);
    }
    const [first] = traces;
    if (first === undefined) return undefined;
    const starts = traces.map((trace) => Date.parse(String(trace["timestamp"])));
    const ends = traces.map(
      (trace, index) => (starts[index] ?? 0) + Math.max(0, numberOf(trace["latency"]) ?? 0) * 1_000,
    );
    const startMs = starts.reduce((least, ms) => Math.min(least, ms), Number.POSITIVE_INFINITY);
    const endMs = ends.reduce((most, ms) => Math.max(most, ms), startMs);
    const costs = traces.map((trace) => numberOf(trace["totalCost"]) ?? 0);
    const cost = costs.reduce((sum, one) => sum + Math.max(0, one), 0);
    return {
      id,
      firstMessage: spokenText(first["input"]),
      userIds: distinct(traces.map((trace) => textOf(trace["userId"]))),
      tags: distinct(traces.flatMap((trace) => textsOf(trace["tags"]))),
      environments: distinct(traces.map((trace) => textOf(trace["environment"]))),
      traceCount: traces.length,
      startedAt: new Date(startMs).toISOString(),
      endedAt: new Date(endMs).toISOString(),
      durationMs: endMs - startMs,
      tokens: null,
      totalCost: cost > 0 ? cost : null, // Langfuse writes 0 for "not known", too
      errorCount: hasErrors === true ? await countErrors(endpoint, traces) : null,
    };
  },

  async session(endpoint, id) {
    const path = `/api/public/sessions/${encodeURIComponent(id)}`;
    const { status, body } = await ask(endpoint, path);
    if (status === 404) return undefined;
    if (status !== 200 || body === undefined) throw unexpected(endpoint, path, status);
    const ids = distinct(
      listOf(fieldsOf(body)["traces"]).map((one) => textOf(fieldsOf(one)["id"])),
    );
    const traces = await mapFew(ids, async (traceId) => {
      const trace = await read(endpoint, `/api/public/traces/${encodeURIComponent(traceId)}`);
      return traceOf(fieldsOf(trace));
    });
    const scores: SourceScore[] = [];
    for await (const score of pages(endpoint, "/api/public/v2/scores", { sessionId: id })) {
      scores.push(scoreOfV2(score));
    }
    return { id, traces: traces.sort((a, b) => byTime(a.timestamp, b.timestamp)), scores };
  },
};

async function* pages(
  endpoint: ReadEndpoint,
  path: string,
  query: Parameters,
  { maxPages = Number.POSITIVE_INFINITY, onCut }: PageLimit = {},
): AsyncGenerator<Fields> {
  let lastFirstId: string | null = null;
  for (let page = 1; page <= maxPages; page += 1) {
    const body = fieldsOf(await read(endpoint, path, { ...query, page, limit: PAGE_SIZE }));
    const rows = listOf(body["data"]).map(fieldsOf);
    const firstId = textOf(rows[0]?.["id"]);
    if (firstId !== null && firstId === lastFirstId) throw endless(endpoint, path);
    lastFirstId = firstId;
    yield* rows;
    const totalPages = numberOf(fieldsOf(body["meta"])["totalPages"]);
    if (rows.length === 0 || (totalPages !== null && page >= totalPages)) return;
  }
  onCut?.();
}

async function countErrors(endpoint: ReadEndpoint, traces: readonly Fields[]): Promise<number> {
  const counts = await mapFew(traces, async (trace) => {
    const query = { traceId: String(trace["id"]), level: "ERROR", limit: 1 };
    const body = fieldsOf(await read(endpoint, "/api/public/observations", query));
    return numberOf(fieldsOf(body["meta"])["totalItems"]) ?? listOf(body["data"]).length;
  });
  return counts.reduce((sum, count) => sum + count, 0);
}

function traceOf(trace: Fields): SourceTrace {
  const scores = listOf(trace["scores"]).map((score) => scoreOfV2(fieldsOf(score)));
  return {
    id: String(trace["id"]),
    timestamp: String(trace["timestamp"]),
    name: textOf(trace["name"]),
    sessionId: textOf(trace["sessionId"]),
    userId: textOf(trace["userId"]),
    tags: textsOf(trace["tags"]),
    environment: textOf(trace["environment"]) ?? "default",
    release: textOf(trace["release"]),
    version: textOf(trace["version"]),
    isPublic: trace["public"] === true,
    metadata: objectOf(trace["metadata"]),
    input: captured(trace["input"]),
    output: captured(trace["output"]),
    observations: listOf(trace["observations"])
      .map((observation) => observationOf(fieldsOf(observation)))
      .sort((a, b) => byTime(a.startedAt, b.startedAt)),
    scores,
  };
}

/** A row of version 1 or 2; what a row of version 2 leaves out is null. */
export function observationOf(row: Fields): SourceObservation {
  const costDetails = numbersOf(row["costDetails"]);
  return {
    id: String(row["id"]),
    parentId: textOf(row["parentObservationId"]),
    type: (textOf(row["type"]) ?? "span").toLowerCase(),
    name: textOf(row["name"]) ?? "",
    startedAt: String(row["startTime"]),
    endedAt: textOf(row["endTime"]) ?? String(row["startTime"]),
    completionStartedAt: textOf(row["completionStartTime"]),
    level: textOf(row["level"]) ?? "DEFAULT",
    statusMessage: textOf(row["statusMessage"]),
    version: textOf(row["version"]),
    environment: textOf(row["environment"]) ?? "default",
    input: captured(row["input"]),
    output: captured(row["output"]),
    metadata: objectOf(row["metadata"]),
    model: textOf(row["model"]) ?? textOf(row["providedModelName"]),
    modelParameters: objectOf(row["modelParameters"]),
    usageDetails: numbersOf(row["usageDetails"]),
    costDetails,
    totalCost:
      numberOf(row["totalCost"]) ??
      numberOf(row["calculatedTotalCost"]) ??
      costDetails["total"] ??
      null,
    priceModelId: textOf(row["internalModelId"]) ?? textOf(row["modelId"]),
    promptName: textOf(row["promptName"]),
    promptVersion: numberOf(row["promptVersion"]),
  };
}

function scoreOfV2(score: Fields): SourceScore {
  const dataType = textOf(score["dataType"]) ?? "NUMERIC";
  const number = numberOf(score["value"]) ?? 0;
  const text = textOf(score["stringValue"]) ?? "";
  return {
    id: String(score["id"]),
    name: textOf(score["name"]) ?? "",
    dataType,
    value: dataType === "NUMERIC" ? number : dataType === "BOOLEAN" ? number === 1 : text,
    comment: textOf(score["comment"]),
    metadata: objectOf(score["metadata"]),
    source: textOf(score["source"]) ?? "API",
    environment: textOf(score["environment"]) ?? "default",
    configId: textOf(score["configId"]),
    queueId: textOf(score["queueId"]),
    timestamp: String(score["timestamp"]),
    traceId: textOf(score["traceId"]),
    observationId: textOf(score["observationId"]),
    sessionId: textOf(score["sessionId"]),
  };
}
