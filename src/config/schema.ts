import { LOG_LEVELS, type Logger } from "../diagnostics/logger";
import type { DeliveryEvent } from "../diagnostics/stats";
import type { ExportCandidate } from "./export-candidate";
import {
  boolean,
  either,
  kindOf,
  listOf,
  number,
  type OutputOf,
  objectOf,
  oneOf,
  optional,
  text,
  textsByName,
  wholeNumber,
  withDefault,
} from "./kinds";
import type { Mask } from "./outgoing-record";
import { REDACT_PRESETS } from "./redact-rules";

const KIBIBYTE = 1_024;
const MEBIBYTE = 1_024 * KIBIBYTE;

/** What a timer can wait. */
const MAX_MILLISECONDS = 2 ** 31 - 1;

const milliseconds = wholeNumber(0, MAX_MILLISECONDS);
const someMilliseconds = wholeNumber(1, MAX_MILLISECONDS);
const byteCount = wholeNumber(KIBIBYTE);
const endpointUrl = text(isEndpointUrl);
const baseUrl = text(isBaseUrl);
/** What HTTP can carry; anything else would fail each request. Spec: https://www.rfc-editor.org/rfc/rfc9110#fields.values */
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const ENVIRONMENT = /^(?!langfuse)[a-z0-9_-]{1,40}$/;
const isHeaderValue = (value: string): boolean => HEADER_VALUE.test(value);
const headerValues = textsByName((name) => HEADER_NAME.test(name), isHeaderValue);
/** Read from a file, a key comes with a line end. */
const key = text(isHeaderValue, (value) => value.trim());
const someText = text((value) => value.length > 0);
const anyText = text();

const protocol = oneOf(["auto", "otlp", "ingestion"]);
const compression = oneOf(["auto", "gzip", "none"]);
const predicate = kindOf<(observation: ExportCandidate) => boolean>(isFunction);

/** What `spool: true` means. */
export const SPOOL_DEFAULTS = Object.freeze({
  dir: ".playhead/spool",
  maxBytes: 256 * MEBIBYTE,
  durable: false,
});
const spoolKind = objectOf({
  dir: withDefault(someText, SPOOL_DEFAULTS.dir),
  maxBytes: withDefault(byteCount, SPOOL_DEFAULTS.maxBytes),
  durable: withDefault(boolean, SPOOL_DEFAULTS.durable),
});

const targetKind = objectOf({
  name: optional(anyText),
  publicKey: optional(key),
  secretKey: optional(key),
  baseUrl: optional(baseUrl),
  endpoint: optional(endpointUrl),
  headers: withDefault(headerValues, {}),
  protocol: optional(protocol),
  compression: optional(compression),
  route: optional(predicate),
});

const redactRule = either(
  oneOf(REDACT_PRESETS),
  objectOf({
    pattern: either(
      someText,
      kindOf<RegExp>((value) => value instanceof RegExp),
    ),
    replace: optional(anyText),
  }),
);

/** What `media: true` means. */
export const MEDIA_DEFAULTS = Object.freeze({ maxBytes: 20 * MEBIBYTE, timeoutMs: 10_000 });
const mediaKind = objectOf({
  maxBytes: withDefault(byteCount, MEDIA_DEFAULTS.maxBytes),
  timeoutMs: withDefault(someMilliseconds, MEDIA_DEFAULTS.timeoutMs),
});

export type MediaConfig = Readonly<OutputOf<typeof mediaKind>>;

export type SpoolConfig = Readonly<OutputOf<typeof spoolKind>>;
export type TargetInput = Readonly<OutputOf<typeof targetKind>>;

/** Every option, its bounds and its default; nothing else in the code repeats a default. */
export const optionsKind = objectOf({
  publicKey: optional(key),
  secretKey: optional(key),
  baseUrl: optional(baseUrl),
  endpoint: optional(endpointUrl),
  headers: withDefault(headerValues, {}),
  timeoutMs: withDefault(someMilliseconds, 10_000),

  enabled: withDefault(boolean, true),
  sampleRate: withDefault(number(0, 1), 1),
  keepErrors: withDefault(boolean, false),
  environment: optional(
    text(
      (value) => ENVIRONMENT.test(value),
      (value) => value.toLowerCase(),
    ),
  ),
  release: optional(anyText),

  flushIntervalMs: withDefault(someMilliseconds, 1_000),
  maxBatchSpans: withDefault(wholeNumber(1), 512),
  maxBatchBytes: withDefault(byteCount, 2 * MEBIBYTE),
  maxQueueBytes: withDefault(byteCount, 64 * MEBIBYTE),
  holdMs: withDefault(milliseconds, 60_000),
  maxHoldBytes: withDefault(byteCount, 16 * MEBIBYTE),
  spool: optional(either(boolean, spoolKind)),
  protocol: withDefault(protocol, "auto"),
  compression: withDefault(compression, "auto"),
  targets: optional(listOf(targetKind, 1)),
  shutdownTimeoutMs: withDefault(milliseconds, 5_000),

  captureInput: withDefault(boolean, true),
  captureOutput: withDefault(boolean, true),
  maxFieldBytes: withDefault(byteCount, MEBIBYTE),
  redact: withDefault(listOf(redactRule), []),
  mask: optional(kindOf<Mask>(isFunction)),
  maskTimeoutMs: withDefault(someMilliseconds, 1_000),
  media: withDefault(either(boolean, mediaKind), true),
  shouldExport: optional(predicate),

  onError: optional(kindOf<(event: DeliveryEvent) => void>(isFunction)),
  logger: withDefault(kindOf<Logger>(isLogger), console),
  logLevel: withDefault(oneOf(LOG_LEVELS), "warn"),
});

export type OptionName = keyof typeof optionsKind.fields;

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

function isFunction(value: unknown): boolean {
  return typeof value === "function";
}

/** Credentials in an address would stand in messages and links. */
function isEndpointUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  return /^https?:$/.test(protocol) && username === "" && password === "";
}

/** Paths are appended to it. */
function isBaseUrl(value: string): boolean {
  if (!isEndpointUrl(value)) return false;
  const { search, hash } = new URL(value);
  return search === "" && hash === "";
}

function isLogger(value: unknown): value is Logger {
  if (typeof value !== "object" || value === null) return false;
  const methods = value as Partial<Record<string, unknown>>; // any object may be asked for members
  return ["debug", "info", "warn", "error"].every((name) => typeof methods[name] === "function");
}
