import { describe, expect, it } from "vitest";
import type { ObservationView } from "../../../src/studio/api/types";
import {
  byImportance,
  idleGapMs,
  turnErrorMessage,
  turnErrorMs,
  turnModels,
  turnTimeToFirstTokenMs,
} from "../../../src/studio/conversation/turn-summary";

function observation(fields: Partial<ObservationView>): ObservationView {
  return {
    id: "o",
    parentId: null,
    type: "span",
    name: "step",
    startedAt: "2026-11-22T10:00:00.000000Z",
    startOffsetMs: 0,
    durationMs: 1,
    timeToFirstTokenMs: null,
    level: "DEFAULT",
    statusMessage: null,
    model: null,
    modelParameters: {},
    usageDetails: {},
    costDetails: {},
    tokens: { input: 0, output: 0, total: 0 },
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

describe("turnModels", () => {
  it("names each model once, embedding models last", () => {
    const models = ["text-embedding-3-small", "b", null, "a", "b"];
    const observations = models.map((model) => observation({ model }));
    expect(turnModels({ observations })).toEqual(["b", "a", "text-embedding-3-small"]);
    expect(byImportance([])).toEqual([]);
  });
});

describe("turnTimeToFirstTokenMs", () => {
  it("is the earliest first token, from the start of the turn", () => {
    const observations = [
      observation({ startOffsetMs: 500, timeToFirstTokenMs: 100 }),
      observation({ startOffsetMs: 200, timeToFirstTokenMs: 300 }),
      observation({ startOffsetMs: 0 }),
    ];
    expect(turnTimeToFirstTokenMs({ observations })).toBe(500);
  });

  it("is null when nothing was streamed", () => {
    expect(turnTimeToFirstTokenMs({ observations: [observation({})] })).toBeNull();
  });
});

describe("idleGapMs", () => {
  const previous = { endedAt: "2026-11-22T10:00:00.000000Z" };

  it("is the silence from five minutes on", () => {
    expect(idleGapMs(previous, { startedAt: "2026-11-22T10:05:00.000000Z" })).toBe(300_000);
    expect(idleGapMs(previous, { startedAt: "2026-11-22T10:04:59.999000Z" })).toBeNull();
  });

  it("is null for the first turn, overlapping turns and times that are none", () => {
    expect(idleGapMs(undefined, { startedAt: "2026-11-22T10:05:00Z" })).toBeNull();
    expect(idleGapMs(previous, { startedAt: "2026-11-22T09:00:00Z" })).toBeNull();
    expect(idleGapMs(previous, { startedAt: "never" })).toBeNull();
  });
});

describe("turnErrorMessage", () => {
  const failed = observation({
    level: "ERROR",
    exceptions: [{ type: "TypeError", message: "no id", stacktrace: null }],
  });

  it("is the turn's own status message first", () => {
    const turn = { level: "ERROR" as const, statusMessage: "timed out", observations: [failed] };
    expect(turnErrorMessage(turn)).toBe("timed out");
  });

  it("is the exception of the first step that failed, also when the turn went well", () => {
    const turn = { level: "DEFAULT" as const, statusMessage: null, observations: [failed] };
    expect(turnErrorMessage(turn)).toBe("no id");
  });

  it("says that it failed when nothing was recorded, and nothing when nothing failed", () => {
    const turn = { statusMessage: null, observations: [] };
    expect(turnErrorMessage({ ...turn, level: "ERROR" })).toBe("Failed");
    expect(turnErrorMessage({ ...turn, level: "WARNING" })).toBeNull();
  });
});

describe("turnErrorMs", () => {
  const failed = observation({ level: "ERROR", startOffsetMs: 300, durationMs: 200 });

  it("is the end of the turn where the turn failed", () => {
    const turn = { level: "ERROR" as const, durationMs: 900, observations: [failed] };
    expect(turnErrorMs(turn)).toBe(900);
  });

  it("is the end of the first step that failed where the turn went well", () => {
    const later = observation({ level: "ERROR", startOffsetMs: 400, durationMs: 200 });
    const turn = { level: "DEFAULT" as const, durationMs: 900, observations: [later, failed] };
    expect(turnErrorMs(turn)).toBe(500);
  });
});
