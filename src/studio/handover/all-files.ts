import { MediaUploader } from "../../export/media/media-uploader";
import { counted } from "../conversation/format";
import type { FoundEndpoint } from "./find-endpoint";
import { filesOf, sendFile } from "./send-files";
import { isOver, type Step } from "./step";

/** Sends the files that the traces refer to. */
export async function sendAllFiles(step: Step): Promise<void> {
  const { options, endpoint, traces, ledger } = step;
  const { media } = options.store;
  const files = filesOf(
    traces.map(({ id }) => id),
    media,
  );
  const there = [...files].filter(([id]) => (media.get(id)?.uploadedUs ?? null) !== null);
  const missingCount = files.size - there.length;
  if (missingCount > 0) {
    ledger.notes.push(`${counted(missingCount, "file")} never arrived here, and cannot be sent.`);
  }
  ledger.find("files", there.length);
  if (there.length === 0) return;
  if (endpoint.kind === "otlp") {
    ledger.notes.push(
      `${counted(there.length, "file")} cannot be sent: OpenTelemetry has no place for files.`,
    );
    return;
  }
  const uploader = new MediaUploader(targetOf(endpoint), options.transport);
  for (const [id, places] of there) {
    if (isOver(step)) return;
    const record = media.get(id);
    const bytes = media.contentOf(id);
    if (record === undefined || bytes === undefined) continue; // deleted meanwhile
    const { hash, contentType } = record;
    const outcome = await sendFile({ id, hash, contentType, bytes }, places, uploader);
    if (outcome.status === "sent") ledger.sent("files");
    else if (outcome.status === "refused") ledger.refused("files", 1, outcome.reason);
    else {
      const count = ledger.countsOf("files").left;
      ledger.refused("files", count, `${endpoint.baseUrl} takes no files`);
      return;
    }
  }
}

/** What the uploader wants to know of an endpoint. */
function targetOf({ baseUrl, tracesUrl }: FoundEndpoint): MediaUploader["config"] {
  return {
    name: baseUrl,
    publicKey: undefined, // they stand in the transport's headers
    secretKey: undefined,
    headers: {},
    baseUrl,
    tracesUrl,
    ingestionUrl: `${baseUrl}/api/public/ingestion`,
    protocol: "otlp",
    isGzipWanted: true,
    route: undefined,
  };
}
