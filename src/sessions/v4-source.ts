import { endless, type Parameters, type ReadEndpoint, read } from "./endpoint";
import { type Fields, fieldsOf, listOf, objectOf, parsed, textOf, textsOf } from "./json-fields";
import {
  byTime,
  distinct,
  MAX_PAGES,
  mapFew,
  ORIGIN_FIELDS,
  type PageLimit,
  type SessionSource,
  spokenText,
} from "./source";
import type { SourceObservation, SourceScore, SourceTrace } from "./types";
import { observationOf } from "./v3-source";

const OBSERVATIONS = "/api/public/v2/observations";
const PAGE_SIZE = 1_000;
/** Fields of the metadata that are longer come cut, unless they are asked for by name. */
const CUT_LENGTH = 200;
const ALL_FIELDS = "core,basic,time,io,metadata,model,usage,prompt,metrics,trace_context";
/** Ids that one request for scores names, so that its address stays short. */
const IDS_AT_ONCE = 40;

/**
 * Reads as Langfuse 4 offers it: there are neither sessions nor traces, only rows of observations,
 * which are grouped here.
 * Spec: langfuse-contract, sections 0 and 5
 */
export const v4Source: SessionSource = {
  async *candidates(endpoint, { userId, since, maxPages, onCut }) {
    const seen = new Set<string>();
    const query = { userId, fromStartTime: since?.toISOString(), fields: "core,basic" };
    for await (const row of rowsOf(endpoint, query, { maxPages, onCut })) {
      const id = textOf(row["sessionId"]);
      if (id === null || seen.has(id)) continue;
      seen.add(id);
      yield id;
    }
  },

  async overview(endpoint, id) {
    const rows: Fields[] = [];
    const query = { sessionId: id, fields: "core,basic,usage,trace_context" };
    for await (const row of rowsOf(endpoint, query, { maxPages: MAX_PAGES })) {
      rows.push(row);
    }
    const first = [...rows].sort((a, b) => byTime(startOf(a), startOf(b)))[0];
    if (first === undefined) return undefined;
    const startMs = Date.parse(startOf(first));
    const ends = rows.map((row) => Date.parse(textOf(row["endTime"]) ?? startOf(row)));
    const endMs = ends.reduce((most, ms) => Math.max(most, ms), startMs);
    const observations = rows.map(observationOf);
    return {
      id,
      firstMessage: await firstMessage(endpoint, String(first["traceId"])),
      userIds: distinct(rows.map((row) => textOf(row["userId"]))),
      tags: distinct(rows.flatMap((row) => textsOf(row["tags"]))),
      environments: distinct(rows.map((row) => textOf(row["environment"]))),
      traceCount: new Set(rows.map((row) => row["traceId"])).size,
      startedAt: new Date(startMs).toISOString(),
      endedAt: new Date(endMs).toISOString(),
      durationMs: endMs - startMs,
      tokens: sumTokens(observations),
      totalCost: sumCost(observations),
      errorCount: rows.filter((row) => row["level"] === "ERROR").length,
    };
  },

  async session(endpoint, id) {
    const traceIds = new Set<string>();
    for await (const row of rowsOf(endpoint, { sessionId: id, fields: "core" })) {
      traceIds.add(String(row["traceId"]));
    }
    if (traceIds.size === 0) return undefined;
    // By trace, not by session: a row that names no session belongs to it all the same.
    const rows = await mapFew([...traceIds], (traceId) => rowsOfTrace(endpoint, traceId));
    const scores = await scoresOf(endpoint, "traceId", [...traceIds]);
    const traces = rows.map((ofTrace) => traceOf(ofTrace, scores));
    return {
      id,
      traces: traces.sort((a, b) => byTime(a.timestamp, b.timestamp)),
      scores: await scoresOf(endpoint, "sessionId", [id]),
    };
  },
};

/** Newest first. */
async function* rowsOf(
  endpoint: ReadEndpoint,
  query: Parameters,
  limit?: PageLimit,
): AsyncGenerator<Fields> {
  yield* cursorPages(endpoint, OBSERVATIONS, { ...query, limit: PAGE_SIZE }, limit);
}

async function* cursorPages(
  endpoint: ReadEndpoint,
  path: string,
  query: Parameters,
  { maxPages = Number.POSITIVE_INFINITY, onCut }: PageLimit = {},
): AsyncGenerator<Fields> {
  let cursor: string | undefined;
  for (let page = 1; page <= maxPages; page += 1) {
    const body = fieldsOf(await read(endpoint, path, { ...query, cursor }));
    yield* listOf(body["data"]).map(fieldsOf);
    const next = textOf(fieldsOf(body["meta"])["cursor"]) ?? undefined;
    if (next === undefined) return;
    if (next === cursor) throw endless(endpoint, path);
    cursor = next;
  }
  onCut?.();
}

/** All rows of a trace, oldest first, their metadata whole. */
async function rowsOfTrace(endpoint: ReadEndpoint, traceId: string): Promise<readonly Fields[]> {
  const readAll = async (expandMetadata?: string): Promise<Fields[]> => {
    const rows: Fields[] = [];
    const query = { traceId, fields: ALL_FIELDS, expandMetadata };
    for await (const row of rowsOf(endpoint, query)) rows.push(row);
    return rows.sort((a, b) => byTime(startOf(a), startOf(b)));
  };
  const rows = await readAll();
  const cut = distinct(rows.flatMap((row) => cutKeys(objectOf(row["metadata"]))));
  return cut.length === 0 ? rows : readAll(cut.join(","));
}

/** Keys of metadata in which a text may have been cut; a key with a comma cannot be asked for. */
function cutKeys(metadata: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(metadata)
    .filter(([key, value]) => !key.includes(",") && JSON.stringify(value).length >= CUT_LENGTH)
    .map(([key]) => key);
}

function startOf(row: Fields): string {
  return String(row["startTime"]);
}

async function firstMessage(endpoint: ReadEndpoint, traceId: string): Promise<string | null> {
  const query = { traceId, isRootObservation: "true", fields: "core,io", limit: 1 };
  const body = fieldsOf(await read(endpoint, OBSERVATIONS, query));
  return spokenText(parsed(textOf(fieldsOf(listOf(body["data"])[0])["input"])));
}

function traceOf(rows: readonly Fields[], scores: readonly SourceScore[]): SourceTrace {
  const [first = {}] = rows;
  const root =
    rows.find((row) => row["isRootObservation"] === true) ??
    rows.find((row) => row["parentObservationId"] === null) ??
    first;
  const told = (name: string): string | null =>
    textOf(root[name]) ?? textOf(rows.find((row) => textOf(row[name]) !== null)?.[name]);
  const id = String(first["traceId"]);
  const { input, output } = observationOf(root);
  const shared = sharedMetadata(rows);
  return {
    id,
    timestamp: startOf(first),
    name: told("traceName") ?? told("name"),
    sessionId: told("sessionId"),
    userId: told("userId"),
    tags: [...new Set(rows.flatMap((row) => textsOf(row["tags"])))],
    environment: told("environment") ?? "default",
    release: told("release"),
    version: told("version"),
    isPublic: rows.some((row) => row["public"] === true),
    metadata: shared,
    input,
    output,
    observations: rows.map((row) => {
      const observation = observationOf(row);
      const own = Object.entries(observation.metadata).filter(([key]) => !(key in shared));
      return { ...observation, metadata: Object.fromEntries(own) };
    }),
    scores: scores.filter((score) => score.traceId === id),
  };
}

/**
 * What all rows of a trace have in their metadata alike is taken as the trace's: its metadata stands
 * in each row, among the row's own. Where a row came from is its own, alike or not.
 */
function sharedMetadata(rows: readonly Fields[]): ReturnType<typeof objectOf> {
  const [first = {}, ...others] = rows.map((row) => objectOf(row["metadata"]));
  const entries = Object.entries(first).filter(([key, value]) => {
    if (ORIGIN_FIELDS.includes(key)) return false;
    const text = JSON.stringify(value);
    return others.every((metadata) => JSON.stringify(metadata[key]) === text);
  });
  return Object.fromEntries(entries);
}

async function scoresOf(
  endpoint: ReadEndpoint,
  filter: "traceId" | "sessionId",
  ids: readonly string[],
): Promise<readonly SourceScore[]> {
  const scores: SourceScore[] = [];
  const fields = "core,details,subject,annotation";
  // A comma in an id would part it in two: the filter is a list.
  for (let start = 0; start < ids.length; start += IDS_AT_ONCE) {
    const value = ids.slice(start, start + IDS_AT_ONCE).join(",");
    const query = { [filter]: value, fields, limit: 100 };
    for await (const row of cursorPages(endpoint, "/api/public/v3/scores", query)) {
      scores.push(scoreOf(row));
    }
  }
  return scores;
}

function scoreOf(row: Fields): SourceScore {
  const subject = fieldsOf(row["subject"]);
  const id = textOf(subject["id"]);
  const kind = subject["kind"];
  const value = row["value"];
  const isValue = typeof value === "number" || typeof value === "boolean";
  return {
    id: String(row["id"]),
    name: textOf(row["name"]) ?? "",
    dataType: textOf(row["dataType"]) ?? "NUMERIC",
    value: isValue ? value : String(value ?? ""),
    comment: textOf(row["comment"]),
    metadata: objectOf(row["metadata"]),
    source: textOf(row["source"]) ?? "API",
    environment: textOf(row["environment"]) ?? "default",
    configId: textOf(row["configId"]),
    queueId: textOf(row["queueId"]),
    timestamp: String(row["timestamp"]),
    traceId: kind === "trace" ? id : kind === "observation" ? textOf(subject["traceId"]) : null,
    observationId: kind === "observation" ? id : null,
    sessionId: kind === "session" ? id : null,
  };
}

/** Keys with "input" count as input, with "output" as output, as Langfuse counts. */
export function sumTokens(observations: readonly Pick<SourceObservation, "usageDetails">[]): {
  input: number;
  output: number;
  total: number;
} {
  const sum = { input: 0, output: 0, total: 0 };
  for (const { usageDetails } of observations) {
    let input = 0;
    let output = 0;
    for (const [key, count] of Object.entries(usageDetails)) {
      if (key.includes("input")) input += count;
      if (key.includes("output")) output += count;
    }
    sum.input += input;
    sum.output += output;
    sum.total += usageDetails["total"] ?? input + output;
  }
  return sum;
}

/** Null where no observation has a cost. */
export function sumCost(
  observations: readonly Pick<SourceObservation, "totalCost">[],
): number | null {
  const costs = observations.flatMap(({ totalCost }) => (totalCost === null ? [] : [totalCost]));
  return costs.length === 0 ? null : costs.reduce((sum, cost) => sum + cost, 0);
}
