import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  hasPlainIds,
  requestBody,
  spanJson,
  withPlainIds,
} from "../../../src/studio/handover/span-json";
import { observationsOf } from "../../../src/studio/ingest/ingest-otlp";
import type { ObservationRecord } from "../../../src/studio/store/records";

const FIXTURES = new URL("../../fixtures/otlp/", import.meta.url);
const NOW_MS = 1_800_000_000_000;

function sentAgain(records: readonly ObservationRecord[]): ObservationRecord[] {
  return observationsOf(requestBody(records.map(spanJson)), "json", NOW_MS);
}

/** In the order of their ids: a request puts those of one origin together. */
function inOrder(records: readonly ObservationRecord[]): ObservationRecord[] {
  const keyOf = ({ traceId, id }: ObservationRecord): string => `${traceId} ${id}`;
  return [...records].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

const full: ObservationRecord = {
  traceId: "a trace",
  id: "an observation",
  parentId: "t-a trace",
  isAppRoot: true,
  type: "generation",
  name: "call",
  startUs: 1_763_806_800_000_001,
  startNs: 234,
  endUs: 1_763_806_801_999_999,
  completionStartUs: 1_763_806_800_500_123,
  level: "ERROR",
  statusMessage: "rate limited",
  model: "gpt-4o",
  modelParameters: { temperature: 0.2, stop: ["a"], nested: { deep: null } },
  usageDetails: { input: 3, output: 4, total: 7 },
  costDetails: { input: 0.1, total: 0.1 },
  inputTokens: 3,
  outputTokens: 4,
  totalTokens: 7,
  totalCost: 0.1,
  promptName: "support",
  promptVersion: 3,
  input: '{"a":1}',
  output: "",
  streamTimeline: [0.5, 3, 12, 4],
  metadata: {
    "1": "12",
    text: "[no json",
    "a.b": { c: [1, "2", null, true] },
    attributes: { x: "y" },
  },
  origin: {
    resourceAttributes: {
      "service.name": "shop",
      count: 3,
      share: 0.5,
      is: true,
      list: ["a", 1],
      map: { a: null },
    },
    scope: { name: "other", version: "1", attributes: { a: "b" } },
  },
  exceptions: [
    { type: "Error", message: "rate limited", stacktrace: "Error\n    at x" },
    { type: null, message: "only words", stacktrace: null },
  ],
  sessionId: "chat-1",
  userId: "ada",
  traceName: "support",
  tags: ["a, b", "c"],
  isPublic: true,
  traceMetadata: { plan: "pro", limits: { calls: 3 } },
  environment: "prod",
  release: "r-7",
  version: "v1",
};

describe("a span made of an observation", () => {
  it.each(readdirSync(FIXTURES))(
    "gives the observations of %s again when it is ingested",
    (name) => {
      const records = observationsOf(readFileSync(new URL(name, FIXTURES)), "json", NOW_MS);
      expect(records.length).toBeGreaterThan(0);
      expect(inOrder(sentAgain(records))).toEqual(inOrder(records));
    },
  );

  it("keeps every field, to the nanosecond", () => {
    expect(sentAgain([full])).toEqual([full]);
  });

  it("keeps what says next to nothing", () => {
    const { streamTimeline: _, ...bare } = {
      ...full,
      parentId: null,
      isAppRoot: false,
      type: "span" as const,
      endUs: full.startUs,
      completionStartUs: null,
      level: "DEFAULT" as const,
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
    };
    expect(sentAgain([bare])).toEqual([bare]);
  });

  it("has ids that OpenTelemetry knows where that is asked for, the same each time", () => {
    expect(hasPlainIds(full)).toBe(false);
    const plain = withPlainIds(full);
    expect(hasPlainIds(plain)).toBe(true);
    expect(withPlainIds(full)).toEqual(plain);
    expect(withPlainIds(plain)).toEqual(plain);
    // A child finds its parent.
    expect(withPlainIds({ ...full, id: "t-a trace" }).id).toBe(plain.parentId);
  });
});
