import type { ObservationRecord, ScoreRecord } from "../../../src/studio/store/records";

/** 2025-11-22T10:20:00Z */
export const START_US = 1_763_806_800_000_000;

/** An observation of trace `t`, one second long. */
export function observationOf(overrides: Partial<ObservationRecord> = {}): ObservationRecord {
  const startUs = overrides.startUs ?? START_US;
  return {
    traceId: "t",
    id: "o",
    parentId: null,
    isAppRoot: false,
    type: "span",
    name: "observation",
    startUs,
    startNs: 0,
    endUs: startUs + 1_000_000,
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
    input: null,
    output: null,
    metadata: {},
    origin: {},
    exceptions: [],
    sessionId: null,
    userId: null,
    traceName: null,
    tags: [],
    isPublic: false,
    traceMetadata: {},
    environment: "default",
    release: null,
    version: null,
    ...overrides,
  };
}

export function scoreOf(overrides: Partial<ScoreRecord> = {}): ScoreRecord {
  return {
    id: "score",
    name: "quality",
    dataType: "NUMERIC",
    value: 1,
    stringValue: null,
    comment: null,
    metadata: null,
    source: "API",
    environment: "default",
    configId: null,
    queueId: null,
    timestampUs: START_US,
    traceId: null,
    observationId: null,
    sessionId: null,
    datasetRunId: null,
    ...overrides,
  };
}
