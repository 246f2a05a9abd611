import type {
  ObservationView,
  ScoreView,
  SessionDetail,
  SessionSummary,
  Turn,
} from "../../src/studio/api/types";

const startedAt = "2026-11-22T10:00:00.000000Z";
const endedAt = "2026-11-22T10:00:06.500000Z";
const tokens = { input: 0, output: 0, total: 0 };

export function makeObservation(fields: Partial<ObservationView> = {}): ObservationView {
  return {
    id: "root",
    parentId: null,
    type: "span",
    name: "handle-message",
    startedAt,
    startOffsetMs: 0,
    durationMs: 1_000,
    timeToFirstTokenMs: null,
    level: "DEFAULT",
    statusMessage: null,
    model: null,
    modelParameters: {},
    usageDetails: {},
    costDetails: {},
    tokens,
    totalCost: null,
    promptName: null,
    promptVersion: null,
    input: null,
    output: null,
    metadata: {},
    exceptions: [],
    ...fields,
  };
}

export function makeTurn(fields: Partial<Turn> = {}): Turn {
  return {
    traceId: "0af7651916cd43dd8448eb211c80319c",
    sessionId: "chat-1",
    name: "support-turn",
    userId: "ada",
    tags: [],
    environment: "default",
    version: null,
    release: null,
    metadata: {},
    startedAt,
    endedAt,
    durationMs: 1_000,
    input: "Does it run on Node 18?",
    output: "No, it needs Node 20.9 or later.",
    level: "DEFAULT",
    statusMessage: null,
    tokens,
    totalCost: null,
    errorCount: 0,
    observations: [makeObservation()],
    scores: [],
    ...fields,
  };
}

export function makeScore(fields: Partial<ScoreView> = {}): ScoreView {
  return {
    id: "score-1",
    name: "user-feedback",
    dataType: "BOOLEAN",
    value: true,
    comment: null,
    source: "API",
    configId: null,
    timestamp: startedAt,
    traceId: "0af7651916cd43dd8448eb211c80319c",
    observationId: null,
    sessionId: null,
    ...fields,
  };
}

export function makeSession(
  turns: readonly Turn[],
  fields: Partial<SessionSummary> = {},
): SessionDetail {
  const session: SessionSummary = {
    id: "chat-1",
    firstMessage: null,
    userIds: ["ada"],
    traceCount: turns.length,
    observationCount: turns.flatMap((turn) => turn.observations).length,
    startedAt,
    endedAt,
    durationMs: 6_500,
    models: [],
    tokens,
    totalCost: null,
    errorCount: 0,
    tags: [],
    environments: ["default"],
    scores: [],
    isBookmarked: false,
    ...fields,
  };
  return { session, turns, scores: [] };
}
