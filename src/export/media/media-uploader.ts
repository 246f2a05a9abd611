import type { MediaAttachment } from "../../attributes/media-attachment";
import type { TargetConfig } from "../../config/targets";
import { BACKOFF, type BackoffLimits, backoffMs, retryAfterMs } from "../retry";
import type { HttpAnswer, NoAnswer, SideRequest, Transport } from "../transport";
import type { MediaReference } from "./media-reference";
import { Slots } from "./slots";

/** A file, with the name that its content gives it. */
export interface MediaFile extends MediaReference {
  /** E.g. `image/png`, without parameters. */
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/** What a file belongs to. */
export interface MediaPlace {
  readonly traceId: string;
  /** Absent where the trace itself is meant. */
  readonly observationId?: string;
  readonly field: MediaAttachment["field"];
}

export type UploadOutcome =
  | { readonly status: "there" }
  /** The server keeps no files. */
  | { readonly status: "no api" }
  /** @param reason - of small variety, without addresses and content: `HTTP 500` */
  | { readonly status: "failed"; readonly reason: string };

/** Uploads at the same time. */
const CONCURRENCY = 4;
/** Ids of files that are known to be there, about 100 bytes each. */
const MAX_KNOWN = 10_000;
/** A server without the API may have been updated by then, in milliseconds. */
const ASK_AGAIN_MS = 600_000;
const UPLOAD_BACKOFF: BackoffLimits = { baseMs: BACKOFF.baseMs, maxMs: 4_000 };
/** Longest time to tell the server of an upload that failed: nothing depends on it. */
const TELL_FAILURE_MS = 2_000;
const NO_API_STATUS: ReadonlySet<number> = new Set([404, 405, 501]);
const THERE: UploadOutcome = { status: "there" };

/**
 * Puts files where one Langfuse-compatible server keeps them, each content once. Never rejects.
 * Spec: langfuse-contract, section 6
 */
export class MediaUploader {
  readonly config: TargetConfig;
  readonly #transport: Transport;
  readonly #slots = new Slots(CONCURRENCY);
  /** The upload of a content, and what else waits for it. */
  readonly #running = new Map<string, Promise<UploadOutcome>>();
  /** Longest unused first. */
  readonly #known = new Set<string>();
  /** By `performance.now()`. */
  #isAbsentUntil = 0;

  constructor(config: TargetConfig, transport: Transport) {
    this.config = config;
    this.#transport = transport;
  }

  /** Whether the server keeps files, as far as is known. */
  get hasApi(): boolean {
    const isLangfuse = this.config.ingestionUrl !== undefined;
    return isLangfuse && performance.now() >= this.#isAbsentUntil;
  }

  /** Whether the server is known to have the file. */
  has(id: string): boolean {
    return this.#known.has(id);
  }

  /** Whether the server is known to have any file. */
  get hasAny(): boolean {
    return this.#known.size > 0;
  }

  /**
   * Makes a file known as a part of a place, and uploads it unless it is there.
   * @param deadlineAt - by `performance.now()`
   */
  async upload(file: MediaFile, place: MediaPlace, deadlineAt: number): Promise<UploadOutcome> {
    const earlier = this.#running.get(file.id);
    if (earlier !== undefined) {
      const outcome = await earlier;
      if (outcome.status !== "there") return outcome;
    }
    const run = this.#slots
      .run(() => this.#carryOut(file, place, deadlineAt))
      .catch((error): UploadOutcome => ({ status: "failed", reason: String(error?.name) })); // a defect
    if (!this.#running.has(file.id)) {
      this.#running.set(file.id, run);
      void run.then(() => this.#running.delete(file.id));
    }
    const outcome = await run;
    // The file is safe, though the server does not know of this one place.
    return outcome.status === "failed" && this.has(file.id) ? THERE : outcome;
  }

  async #carryOut(file: MediaFile, place: MediaPlace, deadlineAt: number): Promise<UploadOutcome> {
    if (!this.hasApi) return { status: "no api" };
    const answer = await this.#announce(file, place, deadlineAt);
    if ("failure" in answer) return failed(answer);
    if (NO_API_STATUS.has(answer.status)) {
      this.#isAbsentUntil = performance.now() + ASK_AGAIN_MS;
      return { status: "no api" };
    }
    if (!isSuccess(answer)) return failed(answer);
    const { mediaId, uploadUrl } = readAnnouncement(answer.text);
    // Another name would leave the reference in the text without its file.
    if (mediaId !== file.id) return { status: "failed", reason: "unexpected answer" };
    if (uploadUrl === null) return this.#remember(file.id);
    if (uploadUrl === undefined || !isHttp(uploadUrl)) {
      return { status: "failed", reason: "unusable upload address" };
    }
    return this.#transfer(file, uploadUrl, deadlineAt);
  }

  async #transfer(file: MediaFile, url: string, deadlineAt: number): Promise<UploadOutcome> {
    const startedAt = performance.now();
    const put = await this.#persist(deadlineAt, putOf(file, url, this.config.baseUrl));
    const uploadTimeMs = Math.round(performance.now() - startedAt);
    if ("failure" in put) return failed(put);
    const report = {
      uploadedAt: new Date().toISOString(),
      uploadHttpStatus: put.status,
      ...(isSuccess(put) ? {} : { uploadHttpError: `HTTP ${put.status}` }),
      uploadTimeMs,
    };
    const request = this.#apiRequest("PATCH", `/${file.id}`, report);
    if (!isSuccess(put)) {
      const timeoutMs = Math.min(TELL_FAILURE_MS, deadlineAt - performance.now());
      if (timeoutMs > 0) await this.#transport.exchange({ ...request, timeoutMs });
      return failed(put);
    }
    // Until it is told, the server takes the file for missing.
    const told = await this.#persist(deadlineAt, request);
    return isSuccess(told) ? this.#remember(file.id) : failed(told);
  }

  #announce(file: MediaFile, place: MediaPlace, deadlineAt: number) {
    const request = this.#apiRequest("POST", "", {
      traceId: place.traceId,
      observationId: place.observationId,
      field: place.field,
      contentType: file.contentType,
      contentLength: file.bytes.length,
      sha256Hash: file.hash,
    });
    return this.#persist(deadlineAt, request);
  }

  #apiRequest(method: "POST" | "PATCH", path: string, body: object): Untimed {
    return {
      method,
      url: `${this.config.baseUrl}/api/public/media${path}`,
      body: Buffer.from(JSON.stringify(body)),
      headers: { "content-type": "application/json" },
      ownHeaders: "all",
    };
  }

  /** Tries until there is an answer that counts, or no time for another attempt. */
  async #persist(deadlineAt: number, request: Untimed): Promise<HttpAnswer | NoAnswer> {
    for (let attempt = 1; ; attempt += 1) {
      const timeoutMs = deadlineAt - performance.now();
      if (timeoutMs <= 0) return { failure: "no time left", isTimeout: true };
      const answer = await this.#transport.exchange({ ...request, timeoutMs });
      if (!isWorthRepeating(answer)) return answer;
      const asked = "failure" in answer ? undefined : retryAfterMs(answer.retryAfter, Date.now());
      const pauseMs = Math.max(asked ?? 0, backoffMs(attempt, UPLOAD_BACKOFF, Math.random));
      if (performance.now() + pauseMs >= deadlineAt) return answer;
      await new Promise((resolve) => setTimeout(resolve, pauseMs).unref());
    }
  }

  #remember(id: string): UploadOutcome {
    this.#known.delete(id);
    this.#known.add(id);
    const [oldest] = this.#known;
    if (oldest !== undefined && this.#known.size > MAX_KNOWN) this.#known.delete(oldest);
    return THERE;
  }
}

type Untimed = Omit<SideRequest, "timeoutMs">;

function putOf({ bytes, contentType, hash }: MediaFile, url: string, baseUrl: string): Untimed {
  const { origin, hostname } = new URL(url);
  // Google's storage refuses headers that its signature does not name; Azure's needs the last one.
  const isGoogle = /(^|\.)storage\.googleapis\.com$/.test(hostname);
  const checks = isGoogle ? {} : { "x-amz-checksum-sha256": hash, "x-ms-blob-type": "BlockBlob" };
  return {
    method: "PUT",
    url,
    body: bytes,
    headers: { "content-type": contentType, ...checks },
    // The address itself is the permission. A proxy before the server may want its own headers, but
    // storages refuse a request with two permissions.
    ownHeaders: origin === new URL(baseUrl).origin ? "all but authorization" : "none",
  };
}

function isHttp(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

/** Fields that are not as expected are undefined. */
function readAnnouncement(text: string): { mediaId?: string; uploadUrl?: string | null } {
  try {
    const answer: unknown = JSON.parse(text);
    if (typeof answer !== "object" || answer === null) return {};
    const { mediaId, uploadUrl } = answer as { mediaId?: unknown; uploadUrl?: unknown }; // read as unknown
    return {
      ...(typeof mediaId === "string" ? { mediaId } : {}),
      ...(typeof uploadUrl === "string" || uploadUrl === null ? { uploadUrl } : {}),
    };
  } catch {
    return {}; // not JSON: the caller says so
  }
}

function isSuccess(answer: HttpAnswer | NoAnswer): boolean {
  return "status" in answer && answer.status >= 200 && answer.status < 300;
}

/** The server or the way to it failed, not the request. A timeout has used up all the time there was. */
function isWorthRepeating(answer: HttpAnswer | NoAnswer): boolean {
  if ("failure" in answer) return answer.isTimeout !== true && answer.isFinal !== true;
  const isNoApi = answer.status === 501;
  return answer.status === 429 || (answer.status >= 500 && !isNoApi);
}

function failed(answer: HttpAnswer | NoAnswer): UploadOutcome {
  if ("status" in answer) return { status: "failed", reason: `HTTP ${answer.status}` };
  // With a number in it, each would be a reason of its own.
  return { status: "failed", reason: answer.isTimeout ? "no answer in time" : answer.failure };
}
