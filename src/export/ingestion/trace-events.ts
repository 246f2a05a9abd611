import { OBSERVATION_KEYS } from "../../attributes/keys";
import {
  layTraceAttributes,
  NO_TRACE_ATTRIBUTES,
  type TraceAttributes,
} from "../../attributes/trace-attributes";
import type { DecodedSpan } from "../decode-span";
import { isoTime, readContent, readTraceAttributes } from "./attribute-reader";
import { jsonOrText } from "./captured-json";
import type { IngestionEvent, TraceBody } from "./ingestion-event";
import type { ResourceAttributes } from "./observation-event";

type TraceEvent = Extract<IngestionEvent, { type: "trace-create" }>;

/** Servers refuse a trace with a longer name. In characters. */
const MAX_TRACE_NAME_LENGTH = 1_000;

/**
 * The events that create a trace: from its root, whose input and output are the trace's, or, where
 * the root is in another batch, from what the spans at hand carry. Two roots (the trace runs through
 * this process twice) give two events, which servers merge.
 * @param spans - all of one trace in a batch, at least one
 */
export function createTraceEvents(
  spans: readonly DecodedSpan[],
  resource: ResourceAttributes,
): TraceEvent[] {
  const roots = spans.filter(
    ({ attributes }) => attributes.get(OBSERVATION_KEYS.isAppRoot) === true,
  );
  if (roots.length === 0) return createRootlessEvent(spans, resource);
  return roots.map((root) => createRootEvent(root, resource));
}

function createRootEvent(root: DecodedSpan, resource: ResourceAttributes): TraceEvent {
  const trace = readTraceAttributes(root);
  const startTime = isoTime(root.startTimeUnixNano);
  return {
    id: envelopeId(root),
    // Of events of one trace the latest wins: the root of all ends last, and must beat those of
    // other processes, which stand below it.
    timestamp: root.parentSpanId === undefined ? isoTime(root.endTimeUnixNano) : startTime,
    type: "trace-create",
    body: {
      ...createBody(root.traceId, startTime, trace, resource),
      name: cutName(trace.name ?? root.name),
      input: readContent(root.attributes, OBSERVATION_KEYS.input),
      output: readContent(root.attributes, OBSERVATION_KEYS.output),
    },
  };
}

/** Says nothing that only the root knows, so that it takes nothing from the root's event. */
function createRootlessEvent(
  spans: readonly DecodedSpan[],
  resource: ResourceAttributes,
): TraceEvent[] {
  const first = spans.reduce<DecodedSpan | undefined>(
    (earliest, span) =>
      earliest !== undefined && earliest.startTimeUnixNano <= span.startTimeUnixNano
        ? earliest
        : span,
    undefined,
  );
  if (first === undefined) return [];
  const startTime = isoTime(first.startTimeUnixNano);
  const body = createBody(first.traceId, startTime, mergeTraceAttributes(spans), resource);
  return [{ id: envelopeId(first), timestamp: startTime, type: "trace-create", body }];
}

/** Another source of the same trace must not overwrite this one: the id names the span it is from. */
function envelopeId({ traceId, spanId }: DecodedSpan): string {
  return `${traceId}-${spanId}-trace`;
}

function createBody(
  id: string,
  timestamp: string,
  trace: TraceAttributes,
  resource: ResourceAttributes,
): TraceBody {
  const metadata = [...(trace.metadata ?? [])].map(([key, text]) => [key, jsonOrText(text)]);
  return {
    id,
    timestamp,
    name: trace.name && cutName(trace.name),
    sessionId: trace.sessionId,
    userId: trace.userId,
    environment: trace.environment ?? resource.environment,
    release: trace.release ?? resource.release,
    version: trace.version,
    public: trace.public,
    tags: trace.tags,
    metadata: metadata.length === 0 ? undefined : Object.fromEntries(metadata),
  };
}

/** What later spans carry wins, tags add up. */
function mergeTraceAttributes(spans: readonly DecodedSpan[]): TraceAttributes {
  const all = spans.map(readTraceAttributes);
  const tags = new Set(all.flatMap((trace) => trace.tags ?? []));
  const merged = all.reduce(layTraceAttributes, NO_TRACE_ATTRIBUTES);
  // A span's own version stands in the same place as its trace's: only one that all share is that.
  const isShared = all.every(({ version }) => version === merged.version);
  return {
    ...merged,
    tags: tags.size === 0 ? undefined : [...tags],
    version: isShared ? merged.version : undefined,
  };
}

/** Cuts between characters, never within one. */
function cutName(name: string): string {
  if (name.length <= MAX_TRACE_NAME_LENGTH) return name;
  return name.slice(0, MAX_TRACE_NAME_LENGTH).replace(/[\ud800-\udbff]$/, "");
}
