import { OBSERVATION_LEVELS } from "../attributes/observation-types";
import type { SpanRecord } from "../attributes/span-record";
import { layMetadata } from "../attributes/trace-attributes";
import type { FieldReader } from "./field-reader";
import { addMetadataMedia, replaceMedia } from "./record-media";
import type { ObservationFields } from "./types";

/** Every field there is, for instances of a class, whose members may be hidden. */
const FIELD_NAMES = Object.keys({
  name: true,
  input: true,
  output: true,
  metadata: true,
  level: true,
  statusMessage: true,
  version: true,
  completionStartTime: true,
  model: true,
  modelParameters: true,
  usageDetails: true,
  costDetails: true,
  prompt: true,
} satisfies Record<keyof ObservationFields, true>) as (keyof ObservationFields)[]; // as written

/**
 * Writes given fields into a record: `undefined` leaves a field, `null` clears it. Snapshots are
 * taken here, so what the caller changes afterwards does not show.
 */
export function applyFields(
  record: SpanRecord,
  fields: ObservationFields,
  reader: FieldReader,
): void {
  if (Object.getPrototypeOf(fields) === Object.prototype) {
    // Only what is there: asking for each name that could be takes several times as long.
    for (const name in fields) {
      const value = fields[name as keyof ObservationFields]; // what is none changes nothing
      if (value !== undefined) applyField(record, name, value, reader);
    }
    return;
  }
  for (const name of FIELD_NAMES) {
    const value = fields[name];
    if (value !== undefined) applyField(record, name, value, reader);
  }
}

function applyField(record: SpanRecord, name: string, value: unknown, reader: FieldReader): void {
  switch (name) {
    case "name":
      record.name = reader.string("name", value) ?? record.name;
      return;
    // Each member by its name: setting one by a name in a variable is a search.
    case "input":
    case "output":
      applyContent(record, name, value, reader);
      return;
    case "model":
      record.model = reader.string("model", value);
      return;
    case "statusMessage":
      record.statusMessage = reader.string("statusMessage", value);
      return;
    case "usageDetails":
      record.usageDetails = reader.counts(value);
      return;
    case "costDetails":
      record.costDetails = reader.counts(value);
      return;
    case "modelParameters":
      record.modelParameters = reader.text(value);
      return;
    case "metadata":
      applyMetadata(record, value, reader);
      return;
    case "level":
      applyLevel(record, value, reader);
      return;
    case "version":
      record.own = { ...record.own, version: reader.string("version", value) };
      return;
    case "completionStartTime": {
      const time = value === null ? undefined : reader.time("completionStartTime", value);
      record.completionStartMs = time === undefined ? undefined : time - record.epochMs;
      return;
    }
    case "prompt":
      applyPrompt(record, value as ObservationFields["prompt"], reader); // each member is looked at
  }
}

function applyContent(
  record: SpanRecord,
  name: "input" | "output",
  value: unknown,
  reader: FieldReader,
): void {
  const media = reader.collectMedia(name, value);
  const text = reader.text(value, media);
  if (name === "input") record.input = text;
  else record.output = text;
  record.media = replaceMedia(record.media, name, media?.attachments);
}

function applyPrompt(
  record: SpanRecord,
  given: ObservationFields["prompt"],
  reader: FieldReader,
): void {
  // The text of a fallback is not the prompt of that version on the server.
  const prompt = given?.isFallback ? null : given;
  const version = readPromptVersion(prompt?.version, reader);
  const name = reader.string("prompt.name", prompt?.name);
  const isLinked = name !== undefined && version !== undefined; // servers want both or neither
  record.promptName = isLinked ? name : undefined;
  record.promptVersion = isLinked ? version : undefined;
}

function applyLevel(record: SpanRecord, level: unknown, reader: FieldReader): void {
  const word = reader.string("level", level)?.toUpperCase();
  record.level = OBSERVATION_LEVELS.find((known) => known === word);
  if (word !== undefined && record.level === undefined) {
    reader.refuse("level", `one of ${OBSERVATION_LEVELS.join(", ")}`, level);
  }
}

function applyMetadata(record: SpanRecord, metadata: unknown, reader: FieldReader): void {
  const media = reader.collectMedia("metadata", metadata);
  if (metadata === null) {
    record.metadata = undefined;
    record.metadataText = undefined;
  } else if (typeof metadata === "object" && !Array.isArray(metadata)) {
    record.metadata = layMetadata(record.metadata, reader.entries(metadata, media));
  } else {
    record.metadataText = reader.text(metadata, media);
  }
  addMetadataMedia(record, media?.attachments);
}

/** Servers drop a generation whose prompt version is no whole number. Spec: langfuse-contract, section 3.1. */
function readPromptVersion(version: unknown, reader: FieldReader): number | undefined {
  if (version === undefined) return undefined;
  if (typeof version === "number" && Number.isSafeInteger(version) && version >= 0) return version;
  reader.refuse("prompt.version", "a whole number", version);
  return undefined;
}
