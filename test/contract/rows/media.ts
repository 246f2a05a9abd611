import { expect } from "vitest";
import type { ContractRow } from "../contract-row";
import { ISO_TIME, MEDIA, MEDIA_CONTENT } from "../seed";

const NOT_FOUND = { message: "Media asset not found", error: "LangfuseNotFoundError" };
const OTHER_HASH = Buffer.alloc(32).toString("base64");

export const MEDIA_ROWS: readonly ContractRow[] = [
  {
    section: "6",
    rule: "a file that is there already needs no upload",
    request: "POST /api/public/media",
    send: { ...MEDIA, traceId: "t2", observationId: null, field: "output" },
    status: 201,
    body: {
      mediaId: Buffer.from(MEDIA.sha256Hash, "base64").toString("base64url").slice(0, 22),
      uploadUrl: null,
    },
  },
  {
    section: "6",
    rule: "a new file gets an address, and the first 22 characters of its hash for an id",
    request: "POST /api/public/media",
    send: { ...MEDIA, sha256Hash: OTHER_HASH },
    status: 201,
    body: {
      mediaId: "A".repeat(22),
      uploadUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/api\/public\/media\/A{22}\//),
    },
    afterwards: {
      request: `GET /api/public/media/${"A".repeat(22)}`,
      status: 404,
      body: NOT_FOUND,
    },
  },
  {
    section: "6",
    rule: "a hash has 44 characters, a field is one of three, a length at least 1",
    request: "POST /api/public/media",
    send: { ...MEDIA, contentLength: 0, sha256Hash: "short", field: "other" },
    status: 400,
    problems: ["contentLength", "sha256Hash", "field"],
  },
  {
    section: "6",
    rule: "a report on an upload is taken",
    request: "PATCH /api/public/media/{media}",
    send: { uploadedAt: "2025-11-22T10:00:00.000Z", uploadHttpStatus: 200, uploadTimeMs: 12 },
    status: 200,
    body: { message: "OK" },
  },
  {
    section: "6",
    rule: "a report has a time and a status",
    request: "PATCH /api/public/media/{media}",
    send: { uploadedAt: "today" },
    status: 400,
    problems: ["uploadedAt", "uploadHttpStatus"],
  },
  {
    section: "6",
    rule: "an uploaded file is described, with an address for an hour",
    request: "GET /api/public/media/{media}",
    status: 200,
    body: {
      mediaId: expect.stringMatching(/^[\w-]{22}$/),
      contentType: "image/png",
      contentLength: MEDIA_CONTENT.length,
      uploadedAt: expect.stringMatching(ISO_TIME),
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/api\/public\/media\//),
      urlExpiry: expect.stringMatching(ISO_TIME),
    },
  },
  {
    section: "6",
    rule: "a file that nobody announced is not there",
    request: "GET /api/public/media/nope",
    status: 404,
    body: NOT_FOUND,
  },
];
