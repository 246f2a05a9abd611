import { createHash } from "node:crypto";
import {
  OBSERVATION_TYPES,
  type ObservationLevel,
  type ObservationType,
} from "../../../attributes/observation-types";
import type { JsonValue } from "../../api/types";
import type { EventFold, IngestionEvent } from "../../store/ingestion-events";
import { isJsonObject } from "../../store/json-text";
import type { ObservationRecord } from "../../store/records";
import { parseIsoMicros } from "../../store/time-text";
import { traceRowId } from "../../store/trace-row";
import { normalizeEnvironment } from "../environment";
import { type Amounts, countTokens, fromCostDetails, fromUsageDetails } from "../map-usage";
import { inOrder, isUpdate, type MergedBody, mergeBodies } from "./merge-events";

/**
 * Makes rows of the events of the legacy batch. As in Langfuse v4 a trace has a row of its own,
 * below which its observations hang, and they carry what it says.
 */
export const EVENT_FOLD: EventFold = {
  traceIdOf(events) {
    const ordered = inOrder(events);
    const named = ordered.map(({ body }) => body["traceId"]).find((id) => typeof id === "string");
    if (typeof named === "string") return named;
    // One that is made without a trace is a trace by itself, always the same one.
    const first = ordered.find((event) => !isUpdate(event));
    return first && createHash("sha256").update(first.entityId).digest("hex").slice(0, 32);
  },

  share: (events) => ({ ...ofTheTrace(events), hasRow: events.length > 0 }),

  observation(traceId, events, { hasRow, ...ofTrace }) {
    const ordered = inOrder(events);
    const merged = mergeBodies(ordered);
    const { fields } = merged;
    const startUs = microseconds(fields["startTime"]) ?? ordered[0]?.timestampUs ?? 0;
    const usageDetails = usageOf(fields);
    const costDetails = costOf(fields);
    const tokens = countTokens(usageDetails);
    const parent = textOf(fields["parentObservationId"]);
    return {
      ...plainRecord(merged, startUs, microseconds(fields["endTime"]) ?? startUs),
      ...ofTrace,
      traceId,
      id: ordered[0]?.entityId ?? "",
      parentId: parent ?? (hasRow ? traceRowId(traceId) : null),
      type: typeOf(ordered, fields),
      name: textOf(fields["name"]) ?? "",
      completionStartUs: microseconds(fields["completionStartTime"]) ?? null,
      level: levelOf(fields["level"]),
      statusMessage: textOf(fields["statusMessage"]),
      model: textOf(fields["model"]),
      modelParameters: isJsonObject(fields["modelParameters"]) ? fields["modelParameters"] : {},
      usageDetails,
      costDetails,
      inputTokens: tokens.input,
      outputTokens: tokens.output,
      totalTokens: tokens.total,
      totalCost: costDetails["total"] ?? null,
      promptName: textOf(fields["promptName"]),
      promptVersion: typeof fields["promptVersion"] === "number" ? fields["promptVersion"] : null,
      metadata: merged.metadata,
    };
  },

  trace(events, lastEndUs) {
    const ordered = inOrder(events);
    const merged = mergeBodies(ordered);
    const { fields } = merged;
    const traceId = ordered[0]?.entityId ?? "";
    const startUs = microseconds(fields["timestamp"]) ?? ordered[0]?.timestampUs ?? 0;
    return {
      ...plainRecord(merged, startUs, lastEndUs),
      ...ofTheTrace(events),
      traceId,
      id: traceRowId(traceId),
      isAppRoot: true,
      name: textOf(fields["name"]) ?? "",
      traceMetadata: merged.metadata,
    };
  },
};

/** A span that says nothing but what every row says. */
function plainRecord(
  { fields }: MergedBody,
  startUs: number,
  endUs: number,
): Omit<ObservationRecord, "traceId" | "id" | "name" | keyof ReturnType<typeof ofTheTrace>> {
  return {
    parentId: null,
    isAppRoot: false,
    type: "span",
    startUs,
    startNs: 0,
    endUs: Math.max(startUs, endUs),
    completionStartUs: null,
    level: "DEFAULT",
    statusMessage: null,
    model: null,
    modelParameters: {},
    usageDetails: {},
    costDetails: {},
    inputTokens: 0,
    outputTokens: 0,
    totalTokens: 0,
    totalCost: null,
    promptName: null,
    promptVersion: null,
    input: contentOf(fields["input"]),
    output: contentOf(fields["output"]),
    metadata: {},
    origin: {},
    exceptions: [],
    traceMetadata: {},
    environment: normalizeEnvironment(textOf(fields["environment"])),
    version: textOf(fields["version"]),
  };
}

/** What each row of a trace carries of it. */
function ofTheTrace(events: readonly IngestionEvent[]) {
  const ordered = inOrder(events);
  const { fields, tags } = mergeBodies(ordered);
  return {
    sessionId: textOf(fields["sessionId"]),
    userId: textOf(fields["userId"]),
    traceName: textOf(fields["name"]),
    release: textOf(fields["release"]),
    tags,
    // Each event says it anew: one that says nothing takes it back.
    isPublic: ordered.at(-1)?.body["public"] === true,
  };
}

/** What creates it says so; updates only where nothing else does. */
function typeOf(events: readonly IngestionEvent[], fields: MergedBody["fields"]): ObservationType {
  const creating = events.filter((event) => !isUpdate(event));
  const named = (creating.at(-1) ?? events.at(-1))?.type.replace(/-(create|update)$/, "");
  const type = named === "observation" ? textOf(fields["type"])?.toLowerCase() : named;
  return OBSERVATION_TYPES.find((known) => known === type) ?? "span";
}

/** `usage` in its two forms, where `usageDetails` does not say more. */
function usageOf({ usageDetails, usage }: MergedBody["fields"]): Amounts {
  if (isJsonObject(usageDetails) && Object.keys(usageDetails).length > 0) {
    return fromUsageDetails(Object.entries(usageDetails));
  }
  if (!isJsonObject(usage)) return {};
  const counts = {
    input: usage["promptTokens"] ?? usage["input"] ?? null,
    output: usage["completionTokens"] ?? usage["output"] ?? null,
    total: usage["totalTokens"] ?? usage["total"] ?? null,
  };
  return fromUsageDetails(Object.entries(counts));
}

function costOf({ costDetails, usage }: MergedBody["fields"]): Amounts {
  if (isJsonObject(costDetails) && Object.keys(costDetails).length > 0) {
    return fromCostDetails(Object.entries(costDetails));
  }
  if (!isJsonObject(usage)) return {};
  const costs = {
    input: usage["inputCost"] ?? null,
    output: usage["outputCost"] ?? null,
    total: usage["totalCost"] ?? null,
  };
  return fromCostDetails(Object.entries(costs));
}

function levelOf(value: JsonValue | undefined): ObservationLevel {
  return value === "DEBUG" || value === "WARNING" || value === "ERROR" ? value : "DEFAULT";
}

function textOf(value: JsonValue | undefined): string | null {
  return typeof value === "string" && value !== "" ? value.replaceAll("\0", "\ufffd") : null;
}

/** Texts stay as they are, all else becomes JSON. */
function contentOf(value: JsonValue | undefined): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === "string" ? value.replaceAll("\0", "\ufffd") : JSON.stringify(value);
}

function microseconds(value: JsonValue | undefined): number | undefined {
  return typeof value === "string" ? parseIsoMicros(value) : undefined;
}
