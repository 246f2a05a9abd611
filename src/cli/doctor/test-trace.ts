import { randomBytes } from "node:crypto";
import { OBSERVATION_KEYS, RESOURCE_KEYS, TRACE_KEYS } from "../../attributes/keys";
import { SDK_NAME, SDK_VERSION } from "../../client/version";

/** What the test trace is called, so that nobody wonders. */
export const TEST_TRACE_NAME = "playhead doctor";

/** A trace of one span that says what it is. */
export interface TestTrace {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly spanId: string;
  readonly atMs: number;
}

export function createTestTrace(atMs: number): TestTrace {
  return { traceId: randomBytes(16).toString("hex"), spanId: randomBytes(8).toString("hex"), atMs };
}

const INPUT = "Does a trace arrive?";
const OUTPUT = "It does, if you can read this.";

/** As OTLP/JSON. */
export function asOtlp({ traceId, spanId, atMs }: TestTrace): unknown {
  const texts = (entries: Readonly<Record<string, string>>): unknown[] =>
    Object.entries(entries).map(([key, stringValue]) => ({ key, value: { stringValue } }));
  const span = {
    traceId,
    spanId,
    name: TEST_TRACE_NAME,
    kind: 1,
    startTimeUnixNano: `${atMs}000000`,
    endTimeUnixNano: `${atMs + 1}000000`,
    attributes: texts({
      [OBSERVATION_KEYS.type]: "span",
      [OBSERVATION_KEYS.input]: INPUT,
      [OBSERVATION_KEYS.output]: OUTPUT,
      [TRACE_KEYS.name]: TEST_TRACE_NAME,
    }),
  };
  return {
    resourceSpans: [
      {
        resource: { attributes: texts({ [RESOURCE_KEYS.serviceName]: TEST_TRACE_NAME }) },
        scopeSpans: [{ scope: { name: SDK_NAME, version: SDK_VERSION }, spans: [span] }],
      },
    ],
  };
}

/** As a batch of Langfuse's older protocol. */
export function asBatch({ traceId, spanId, atMs }: TestTrace): unknown {
  const timestamp = new Date(atMs).toISOString();
  const io = { input: INPUT, output: OUTPUT };
  const event = (type: string, id: string, body: Readonly<Record<string, string>>): unknown => ({
    id: `${id}-${type}`,
    timestamp,
    type,
    body,
  });
  return {
    batch: [
      event("trace-create", traceId, { id: traceId, timestamp, name: TEST_TRACE_NAME, ...io }),
      event("span-create", spanId, {
        id: spanId,
        traceId,
        name: TEST_TRACE_NAME,
        startTime: timestamp,
        endTime: new Date(atMs + 1).toISOString(),
        ...io,
      }),
    ],
  };
}
