import type { MediaAttachment } from "../attributes/media-attachment";
import type { SpanRecord } from "../attributes/span-record";
import { tokensIn } from "../capture/media/token";

type Media = readonly MediaAttachment[] | undefined;

/** The media of a record once those of one field are others. */
export function replaceMedia(
  media: Media,
  field: MediaAttachment["field"],
  found: Media,
): MediaAttachment[] | undefined {
  const isNone = media === undefined && (found === undefined || found.length === 0);
  return isNone ? undefined : merge(media ?? [], field, found ?? []);
}

function merge(
  media: readonly MediaAttachment[],
  field: MediaAttachment["field"],
  found: readonly MediaAttachment[],
): MediaAttachment[] | undefined {
  const all = [...media.filter((one) => one.field !== field), ...found];
  return all.length === 0 ? undefined : all;
}

/** Adds media found in metadata, and lets go of those whose keys were given anew. */
export function addMetadataMedia(record: SpanRecord, found: Media): void {
  const media = [...(record.media ?? []), ...(found ?? [])];
  if (media.length === 0) return;
  const tokens = new Set(tokensIn(record.metadataText ?? ""));
  for (const text of record.metadata?.values() ?? []) {
    for (const token of tokensIn(text)) tokens.add(token);
  }
  const standing = media.filter((one) => one.field !== "metadata" || tokens.has(one.token));
  record.media = standing.length === 0 ? undefined : standing;
}
