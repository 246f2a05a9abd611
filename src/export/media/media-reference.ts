import { createHash } from "node:crypto";
import type { MediaAttachment } from "../../attributes/media-attachment";
import { plainType } from "./inline-text";

/** Under which name media are kept, and what stands for them in texts. */
export interface MediaReference {
  /** SHA-256 of the content, in base64 with padding. */
  readonly hash: string;
  /** What a Langfuse names the content by: the start of its hash, safe in addresses. */
  readonly id: string;
  /** Spec: langfuse-contract, section 6 */
  readonly tag: string;
}

const ID_LENGTH = 22;

/** Hashes on the thread pool. */
export async function createReference(
  attachment: MediaAttachment,
  bytes: Uint8Array,
): Promise<MediaReference> {
  // Web types ask for memory that is not shared; hashing only reads it.
  const digest = await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  return referenceOf(attachment, Buffer.from(digest));
}

/** Hashes on the calling thread: for the end of the process alone. */
export function createReferenceSync(
  attachment: MediaAttachment,
  bytes: Uint8Array,
): MediaReference {
  return referenceOf(attachment, createHash("sha256").update(bytes).digest());
}

function referenceOf({ contentType, source }: MediaAttachment, digest: Buffer): MediaReference {
  const id = digest.toString("base64url").slice(0, ID_LENGTH);
  const tag = `@@@langfuseMedia:type=${plainType(contentType)}|id=${id}|source=${source}@@@`;
  return { hash: digest.toString("base64"), id, tag };
}
