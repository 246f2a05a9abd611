import { createHash } from "node:crypto";
import type { MediaAnnouncement } from "../../../src/studio/store/media-store";

/** A file as a client announces it: its id and hash are those of its content. */
export function mediaOf(content: string | Uint8Array): MediaAnnouncement {
  const digest = createHash("sha256").update(content).digest();
  return {
    id: digest.toString("base64url").slice(0, 22),
    hash: digest.toString("base64"),
    contentType: "image/png",
    contentLength: Buffer.byteLength(content),
  };
}
