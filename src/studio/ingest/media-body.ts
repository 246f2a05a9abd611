import * as z from "zod/mini";
import { describeIssue } from "../api/issues";
import { parseJson } from "../store/json-text";
import type { MediaAnnouncement, MediaPlace } from "../store/media-store";
import { MAX_ID_LENGTH } from "./otlp-types";

const id = z.string().check(z.minLength(1), z.maxLength(MAX_ID_LENGTH), z.regex(/^[^\r\0]*$/));

const announcementSchema = z.object({
  contentType: z.string().check(z.regex(/^[a-z0-9][a-z0-9.+-]{0,99}\/[a-z0-9][a-z0-9.+-]{0,99}$/)),
  contentLength: z.int().check(z.minimum(1), z.maximum(1_000_000_000)),
  sha256Hash: z.string().check(z.regex(/^[A-Za-z0-9+/]{43}=$/)),
  traceId: id,
  observationId: z.nullish(id),
  field: z.enum(["input", "output", "metadata"]),
});

const reportSchema = z.object({
  uploadedAt: z.iso.datetime({ offset: true }),
  uploadHttpStatus: z.int().check(z.minimum(1)),
  uploadHttpError: z.nullish(z.string()),
  uploadTimeMs: z.nullish(z.number()),
});

export type ParsedAnnouncement =
  | { readonly isValid: true; readonly media: MediaAnnouncement; readonly place: MediaPlace }
  | { readonly isValid: false; readonly issues: readonly unknown[] };

/**
 * Reads the body of `POST /api/public/media`. Spec: langfuse-contract, section 6. Deviations: any
 * content type is taken, and no items of datasets, which the studio has not.
 */
export function parseMediaAnnouncement(text: string): ParsedAnnouncement {
  const result = announcementSchema.safeParse(parseJson(text), { error: describeIssue });
  if (!result.success) return { isValid: false, issues: result.error.issues };
  const { contentType, contentLength, sha256Hash, traceId, observationId, field } = result.data;
  return {
    isValid: true,
    media: { id: mediaIdOf(sha256Hash), hash: sha256Hash, contentType, contentLength },
    place: { traceId, observationId: observationId ?? null, field },
  };
}

/** Checks the body of `PATCH /api/public/media/{id}`. @returns what is wrong with it */
export function problemsOfReport(text: string): readonly unknown[] {
  const result = reportSchema.safeParse(parseJson(text), { error: describeIssue });
  return result.success ? [] : result.error.issues;
}

function mediaIdOf(hash: string): string {
  return Buffer.from(hash, "base64").toString("base64url").slice(0, 22);
}
