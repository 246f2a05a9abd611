import { NO_TRACE_ATTRIBUTES, type TraceAttributes } from "../../attributes/trace-attributes";
import type { OutgoingTraceFields } from "../../config/outgoing-record";
import { type ReadText, readEntries } from "./read-text";

const TEXT_FIELDS = ["name", "sessionId", "userId", "version", "release", "environment"] as const;

/** A copy of the attributes; undefined where there are none. */
export function toTraceFields(attributes: TraceAttributes): OutgoingTraceFields | undefined {
  if (attributes === NO_TRACE_ATTRIBUTES) return undefined;
  const fields: OutgoingTraceFields = {
    tags: attributes.tags && [...attributes.tags],
    metadata: attributes.metadata && Object.fromEntries(attributes.metadata),
  };
  for (const name of TEXT_FIELDS) fields[name] = attributes[name];
  return fields;
}

/** `attributes` with the texts of `fields`, which somebody else may have made. */
export function readTraceFields(
  attributes: TraceAttributes,
  fields: OutgoingTraceFields | undefined,
  read: ReadText,
): TraceAttributes {
  if (attributes === NO_TRACE_ATTRIBUTES && fields === undefined) return attributes;
  const tags = Array.isArray(fields?.tags) ? fields.tags : undefined;
  return {
    name: read(fields?.name),
    sessionId: read(fields?.sessionId),
    userId: read(fields?.userId),
    version: read(fields?.version),
    release: read(fields?.release),
    environment: read(fields?.environment),
    tags: tags && [...new Set(tags.map(read).filter((tag) => tag !== undefined))],
    metadata: readEntries(fields?.metadata, read),
    public: attributes.public,
  };
}
