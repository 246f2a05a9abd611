import { parseJson } from "../store/json-text";
import type { ObservationRecord } from "../store/records";
import { isoMillis } from "../store/time-text";
import { PROJECT_ID } from "./project";
import type { ObservationFieldGroup, PublicObservationV2 } from "./public-types";
import type { JsonObject, JsonValue } from "./types";

/** Captured text, parsed where it is JSON; null when nothing was captured. */
export function parsedOrText(text: string | null): JsonValue {
  return text === null ? null : (parseJson(text) ?? text);
}

/** Seconds, as the Langfuse API writes lengths. */
export function latencySeconds({ startUs, endUs }: { startUs: number; endUs: number }): number {
  return (endUs - startUs) / 1_000_000;
}

/** From the start to the first chunk, in microseconds; null when the first chunk is not known. */
export function firstTokenUs(
  record: Pick<ObservationRecord, "completionStartUs" | "startUs">,
): number | null {
  // The two clocks differ in resolution: a first chunk in the first millisecond may seem earlier.
  return record.completionStartUs === null
    ? null
    : Math.max(0, record.completionStartUs - record.startUs);
}

export function timeToFirstTokenSeconds(record: ObservationRecord): number | null {
  const us = firstTokenUs(record);
  return us === null ? null : us / 1_000_000;
}

/** Metadata as Langfuse's rows hold it: with the origin, and the trace's overlaying the span's. */
export function publicMetadata(record: ObservationRecord): JsonObject {
  return { ...record.origin, ...record.metadata, ...record.traceMetadata };
}

type Fields = Omit<Partial<PublicObservationV2>, "id">;

const GROUPS: Readonly<
  Record<Exclude<ObservationFieldGroup, "core">, (record: ObservationRecord) => Fields>
> = {
  basic: (record) => ({
    name: record.name,
    level: record.level,
    statusMessage: record.statusMessage,
    version: record.version,
    environment: record.environment,
    bookmarked: false,
    public: record.isPublic,
    userId: record.userId,
    sessionId: record.sessionId,
    isRootObservation: record.isAppRoot || record.parentId === null,
  }),
  time: (record) => ({
    completionStartTime:
      record.completionStartUs === null ? null : isoMillis(record.completionStartUs),
    createdAt: isoMillis(record.startUs),
    updatedAt: isoMillis(record.endUs),
  }),
  io: (record) => ({ input: record.input, output: record.output }),
  metadata: (record) => ({ metadata: publicMetadata(record) }),
  model: (record) => ({
    model: record.model,
    internalModelId: record.priceModelId ?? null,
    modelParameters: record.modelParameters,
  }),
  usage: (record) => ({
    usageDetails: record.usageDetails,
    costDetails: record.costDetails,
    totalCost: record.totalCost,
    usagePricingTierName: null,
  }),
  prompt: (record) => ({
    promptId: null,
    promptName: record.promptName,
    promptVersion: record.promptVersion,
  }),
  metrics: (record) => ({
    latency: latencySeconds(record),
    timeToFirstToken: timeToFirstTokenSeconds(record),
  }),
  trace_context: (record) => ({
    tags: record.tags,
    release: record.release,
    traceName: record.traceName,
  }),
};

/** Longest text in metadata that is given whole without being asked for, in characters. */
const MAX_METADATA_TEXT = 200;

/** Metadata with its texts cut, but for the keys that were asked for. */
function cutMetadata(metadata: JsonObject, expandedKeys: readonly string[]): JsonObject {
  const entries = Object.entries(metadata).map(([key, value]) => [
    key,
    expandedKeys.includes(key) ? value : cutTexts(value),
  ]);
  return Object.fromEntries(entries);
}

/** Metadata is bounded in depth: it was read by `parseJson`. */
function cutTexts(value: JsonValue): JsonValue {
  if (typeof value === "string") return value.slice(0, MAX_METADATA_TEXT);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(cutTexts);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, cutTexts(entry)]));
}

/**
 * An observation with the asked groups of fields.
 * @param expandedKeys - keys of the metadata whose texts are given whole
 */
export function publicObservationV2(
  record: ObservationRecord,
  groups: readonly ObservationFieldGroup[],
  expandedKeys: readonly string[],
): PublicObservationV2 {
  const core = {
    id: record.id,
    traceId: record.traceId,
    startTime: isoMillis(record.startUs),
    endTime: isoMillis(record.endUs),
    projectId: PROJECT_ID,
    parentObservationId: record.parentId,
    type: record.type.toUpperCase(),
    modelId: record.priceModelId ?? null,
    inputPrice: null,
    outputPrice: null,
    totalPrice: null,
  };
  let observation: PublicObservationV2 = core;
  for (const group of groups) {
    if (group !== "core") observation = { ...observation, ...GROUPS[group](record) };
  }
  if (observation.metadata !== undefined) {
    return { ...observation, metadata: cutMetadata(observation.metadata, expandedKeys) };
  }
  return observation;
}
