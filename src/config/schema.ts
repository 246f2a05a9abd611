import * as z from "zod/mini";
import { LOG_LEVELS, type Logger } from "../diagnostics/logger";
import type { DeliveryEvent } from "../diagnostics/stats";
import type { ExportCandidate } from "./export-candidate";
import type { Mask } from "./outgoing-record";
import { REDACT_PRESETS } from "./redact-rules";

const KIBIBYTE = 1_024;
const MEBIBYTE = 1_024 * KIBIBYTE;

const milliseconds = z.int().check(z.gte(0), z.lte(2 ** 31 - 1)); // what a timer can wait
const byteCount = z.int().check(z.gte(KIBIBYTE));
const endpointUrl = z.string().check(z.refine(isEndpointUrl));
const baseUrl = z.string().check(z.refine(isBaseUrl));
/** What HTTP can carry; anything else would fail each request. Spec: https://www.rfc-editor.org/rfc/rfc9110#fields.values */
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const headerValues = z.record(
  z.string().check(z.regex(HEADER_NAME)),
  z.string().check(z.regex(HEADER_VALUE)),
);
/** Read from a file, a key comes with a line end. */
const key = z.string().check(z.trim(), z.regex(HEADER_VALUE));

const protocol = z.enum(["auto", "otlp", "ingestion"]);
const compression = z.enum(["auto", "gzip", "none"]);
const predicate = z.custom<(observation: ExportCandidate) => boolean>(
  (value) => typeof value === "function",
);

const spoolSchema = z.strictObject({
  dir: z._default(z.string().check(z.minLength(1)), ".playhead/spool"),
  maxBytes: z._default(byteCount, 256 * MEBIBYTE),
  durable: z._default(z.boolean(), false),
});

const targetSchema = z.strictObject({
  name: z.optional(z.string()),
  publicKey: z.optional(key),
  secretKey: z.optional(key),
  baseUrl: z.optional(baseUrl),
  endpoint: z.optional(endpointUrl),
  headers: z._default(headerValues, {}),
  protocol: z.optional(protocol),
  compression: z.optional(compression),
  route: z.optional(predicate),
});

const redactRule = z.union([
  z.enum(REDACT_PRESETS),
  z.strictObject({
    pattern: z.union([z.string().check(z.minLength(1)), z.instanceof(RegExp)]),
    replace: z.optional(z.string()),
  }),
]);

const mediaSchema = z.strictObject({
  maxBytes: z._default(byteCount, 20 * MEBIBYTE),
  timeoutMs: z._default(milliseconds.check(z.gte(1)), 10_000),
});

/** What `media: true` means. */
export const MEDIA_DEFAULTS: MediaConfig = Object.freeze(mediaSchema.parse({}));
export type MediaConfig = Readonly<z.output<typeof mediaSchema>>;

/** What `spool: true` means. */
export const SPOOL_DEFAULTS: SpoolConfig = Object.freeze(spoolSchema.parse({}));
export type SpoolConfig = Readonly<z.output<typeof spoolSchema>>;
export type TargetInput = Readonly<z.output<typeof targetSchema>>;

/** Every option, its bounds and its default; nothing else in the code repeats a default. */
export const optionsSchema = z.strictObject({
  publicKey: z.optional(key),
  secretKey: z.optional(key),
  baseUrl: z.optional(baseUrl),
  endpoint: z.optional(endpointUrl),
  headers: z._default(headerValues, {}),
  timeoutMs: z._default(milliseconds.check(z.gte(1)), 10_000),

  enabled: z._default(z.boolean(), true),
  sampleRate: z._default(z.number().check(z.gte(0), z.lte(1)), 1),
  keepErrors: z._default(z.boolean(), false),
  environment: z.optional(
    z.string().check(z.toLowerCase(), z.regex(/^(?!langfuse)[a-z0-9_-]{1,40}$/)),
  ),
  release: z.optional(z.string()),

  flushIntervalMs: z._default(milliseconds.check(z.gte(1)), 1_000),
  maxBatchSpans: z._default(z.int().check(z.gte(1)), 512),
  maxBatchBytes: z._default(byteCount, 2 * MEBIBYTE),
  maxQueueBytes: z._default(byteCount, 64 * MEBIBYTE),
  holdMs: z._default(milliseconds, 60_000),
  maxHoldBytes: z._default(byteCount, 16 * MEBIBYTE),
  spool: z.optional(z.union([z.boolean(), spoolSchema])),
  protocol: z._default(protocol, "auto"),
  compression: z._default(compression, "auto"),
  targets: z.optional(z.readonly(z.array(targetSchema).check(z.minLength(1)))),
  shutdownTimeoutMs: z._default(milliseconds, 5_000),

  captureInput: z._default(z.boolean(), true),
  captureOutput: z._default(z.boolean(), true),
  maxFieldBytes: z._default(byteCount, MEBIBYTE),
  redact: z._default(z.readonly(z.array(redactRule)), []),
  mask: z.optional(z.custom<Mask>((value) => typeof value === "function")),
  maskTimeoutMs: z._default(milliseconds.check(z.gte(1)), 1_000),
  media: z._default(z.union([z.boolean(), mediaSchema]), true),
  shouldExport: z.optional(predicate),

  onError: z.optional(
    z.custom<(event: DeliveryEvent) => void>((value) => typeof value === "function"),
  ),
  logger: z._default(z.custom<Logger>(isLogger), () => console),
  logLevel: z._default(z.enum(LOG_LEVELS), "warn"),
});

export type OptionName = keyof typeof optionsSchema.shape;

/** Completes the sentence "Expected <option> …"; one place for messages of options and environment. */
export const EXPECTED: Readonly<Record<OptionName, string>> = {
  publicKey: "to be a key on one line",
  secretKey: "to be a key on one line",
  baseUrl: "to be an http or https address, with neither user and password nor a query",
  endpoint: "to be an http or https address, without user and password (put them into headers)",
  headers: "to be an object of header names and their values",
  timeoutMs: "to be a whole number of milliseconds, at least 1",
  enabled: "to be true or false",
  sampleRate: "from 0 to 1",
  keepErrors: "to be true or false",
  environment: 'to be 1 to 40 of a-z, 0-9, "-" and "_", not starting with "langfuse"',
  release: "to be a string",
  flushIntervalMs: "to be a whole number of milliseconds, at least 1",
  maxBatchSpans: "to be a whole number, at least 1",
  maxBatchBytes: "to be a whole number of bytes, at least 1024",
  maxQueueBytes: "to be a whole number of bytes, at least 1024",
  holdMs: "to be a whole number of milliseconds, at least 0",
  maxHoldBytes: "to be a whole number of bytes, at least 1024",
  spool:
    "to be true, false or { dir?: a folder, maxBytes?: a whole number, at least 1024, durable?: true or false }",
  protocol: "to be one of auto, otlp, ingestion",
  compression: "to be one of auto, gzip, none",
  targets:
    "to be a list of { name?, publicKey?, secretKey?, baseUrl?, endpoint?, headers?, protocol?, compression?, route? } with at least one entry",
  shutdownTimeoutMs: "to be a whole number of milliseconds, at least 0",
  captureInput: "to be true or false",
  captureOutput: "to be true or false",
  maxFieldBytes: "to be a whole number of bytes, at least 1024",
  redact: `to be a list of ${REDACT_PRESETS.join(", ")} or { pattern: a text or regular expression, replace?: a text }`,
  mask: "to be a function",
  maskTimeoutMs: "to be a whole number of milliseconds, at least 1",
  media:
    "to be true, false or { maxBytes?: a whole number, at least 1024, timeoutMs?: a whole number of milliseconds, at least 1 }",
  shouldExport: "to be a function",
  onError: "to be a function",
  logger: "to have the methods debug, info, warn and error",
  logLevel: `to be one of ${LOG_LEVELS.join(", ")}`,
};

/** Credentials in an address would stand in messages and links. */
function isEndpointUrl(value: unknown): boolean {
  if (typeof value !== "string" || !URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  return /^https?:$/.test(protocol) && username === "" && password === "";
}

/** Paths are appended to it. */
function isBaseUrl(value: unknown): boolean {
  if (typeof value !== "string" || !isEndpointUrl(value)) return false;
  const { search, hash } = new URL(value);
  return search === "" && hash === "";
}

function isLogger(value: unknown): value is Logger {
  if (typeof value !== "object" || value === null) return false;
  const methods = value as Partial<Record<string, unknown>>; // any object may be asked for members
  return ["debug", "info", "warn", "error"].every((name) => typeof methods[name] === "function");
}
