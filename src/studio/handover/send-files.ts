import type { MediaFile, MediaPlace, MediaUploader } from "../../export/media/media-uploader";
import type { MediaPlaceInTrace, MediaStore } from "../store/media-store";

/** For one file with all attempts, in milliseconds. */
const FILE_TIMEOUT_MS = 120_000;

export type FileOutcome =
  | { readonly status: "sent" }
  | { readonly status: "refused"; readonly reason: string }
  /** The endpoint keeps no files. */
  | { readonly status: "no api" };

/** The files that some traces refer to, each with its places, by id. */
export function filesOf(
  traceIds: readonly string[],
  media: MediaStore,
): ReadonlyMap<string, readonly MediaPlaceInTrace[]> {
  const files = new Map<string, MediaPlaceInTrace[]>();
  for (const place of traceIds.flatMap((id) => media.placesInTrace(id))) {
    const places = files.get(place.mediaId);
    if (places === undefined) files.set(place.mediaId, [place]);
    else places.push(place);
  }
  return files;
}

/**
 * Puts a file where the endpoint keeps files, for each of its places. The name that its content gives
 * it is the same there, so that the texts that refer to it need no change.
 */
export async function sendFile(
  file: Omit<MediaFile, "tag">,
  places: readonly MediaPlaceInTrace[],
  uploader: MediaUploader,
): Promise<FileOutcome> {
  for (const { traceId, observationId, field } of places) {
    const place = {
      traceId,
      field: fieldOf(field),
      ...(observationId === null ? {} : { observationId }),
    };
    const deadlineAt = performance.now() + FILE_TIMEOUT_MS;
    const outcome = await uploader.upload({ ...file, tag: "" }, place, deadlineAt);
    if (outcome.status === "no api") return outcome;
    if (outcome.status === "failed") {
      return { status: "refused", reason: `File ${JSON.stringify(file.id)}: ${outcome.reason}` };
    }
  }
  return { status: "sent" };
}

/** The studio knows these three; whatever else a file may hold counts as metadata. */
function fieldOf(field: string): MediaPlace["field"] {
  return field === "input" || field === "output" ? field : "metadata";
}
