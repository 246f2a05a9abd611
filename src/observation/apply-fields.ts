import { OBSERVATION_LEVELS } from "../attributes/observation-types";
import type { SpanRecord } from "../attributes/span-record";
import { layMetadata } from "../attributes/trace-attributes";
import type { FieldReader } from "./field-reader";
import { addMetadataMedia, replaceMedia } from "./record-media";
import type { ObservationFields } from "./types";

/**
 * Writes given fields into a record: `undefined` leaves a field, `null` clears it. Snapshots are
 * taken here, so what the caller changes afterwards does not show.
 */
export function applyFields(
  record: SpanRecord,
  fields: ObservationFields,
  reader: FieldReader,
): void {
  // One by one: a loop over names of fields takes twice the time.
  if (fields.input !== undefined) applyContent(record, "input", fields.input, reader);
  if (fields.output !== undefined) applyContent(record, "output", fields.output, reader);
  if (fields.modelParameters !== undefined) {
    record.modelParameters = reader.text(fields.modelParameters);
  }
  if (fields.usageDetails !== undefined) record.usageDetails = reader.text(fields.usageDetails);
  if (fields.costDetails !== undefined) record.costDetails = reader.text(fields.costDetails);
  if (fields.statusMessage !== undefined) {
    record.statusMessage = reader.string("statusMessage", fields.statusMessage);
  }
  if (fields.model !== undefined) record.model = reader.string("model", fields.model);
  if (fields.name !== undefined) record.name = reader.string("name", fields.name) ?? record.name;
  if (fields.version !== undefined) {
    record.own = { ...record.own, version: reader.string("version", fields.version) };
  }
  if (fields.level !== undefined) applyLevel(record, fields.level, reader);
  if (fields.metadata !== undefined) applyMetadata(record, fields.metadata, reader);
  if (fields.completionStartTime !== undefined) {
    const time =
      fields.completionStartTime === null
        ? undefined
        : reader.time("completionStartTime", fields.completionStartTime);
    record.completionStartMs = time === undefined ? undefined : time - record.epochMs;
  }
  if (fields.prompt !== undefined) {
    // The text of a fallback is not the prompt of that version on the server.
    const prompt = fields.prompt?.isFallback ? null : fields.prompt;
    const version = readPromptVersion(prompt?.version, reader);
    const name = reader.string("prompt.name", prompt?.name);
    const isLinked = name !== undefined && version !== undefined; // servers want both or neither
    record.promptName = isLinked ? name : undefined;
    record.promptVersion = isLinked ? version : undefined;
  }
}

function applyContent(
  record: SpanRecord,
  name: "input" | "output",
  value: unknown,
  reader: FieldReader,
): void {
  const media = reader.collectMedia(name);
  record[name] = reader.text(value, media);
  record.media = replaceMedia(record.media, name, media?.attachments);
}

function applyLevel(
  record: SpanRecord,
  level: ObservationFields["level"],
  reader: FieldReader,
): void {
  const word = reader.string("level", level)?.toUpperCase();
  record.level = OBSERVATION_LEVELS.find((known) => known === word);
  if (word !== undefined && record.level === undefined) {
    reader.refuse("level", `one of ${OBSERVATION_LEVELS.join(", ")}`, level);
  }
}

function applyMetadata(record: SpanRecord, metadata: unknown, reader: FieldReader): void {
  const media = reader.collectMedia("metadata");
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
