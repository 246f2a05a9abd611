import { type AnyKind, check } from "./kinds";
import { EXPECTED, type OptionName, optionsKind, SPOOL_DEFAULTS } from "./schema";
import { showOption } from "./show-option";

type Environment = Readonly<Record<string, string | undefined>>;

interface Variable {
  readonly option: OptionName;
  /** The first one that is set counts. */
  readonly names: readonly string[];
  /** Text → what the option takes; anything it refuses is reported there. */
  readonly parse: (text: string) => unknown;
  /** What to expect in the variable, where that differs from what the option takes. */
  readonly expected?: string;
}

/**
 * Environment variables: `LANGFUSE_*` with the meaning they have for Langfuse's own SDKs,
 * `PLAYHEAD_*` for what is ours. Spec: design, section 2.
 */
const VARIABLES: readonly Variable[] = [
  { option: "publicKey", names: ["LANGFUSE_PUBLIC_KEY"], parse: String },
  { option: "secretKey", names: ["LANGFUSE_SECRET_KEY"], parse: String },
  {
    option: "baseUrl",
    names: ["LANGFUSE_BASE_URL", "LANGFUSE_HOST", "LANGFUSE_BASEURL"],
    parse: String,
  },
  { option: "endpoint", names: ["PLAYHEAD_ENDPOINT"], parse: String },
  {
    option: "timeoutMs",
    names: ["LANGFUSE_TIMEOUT"],
    parse: secondsToMs,
    expected: "to be a number of seconds, at least 0.001",
  },
  { option: "enabled", names: ["LANGFUSE_TRACING_ENABLED"], parse: parseBoolean },
  { option: "sampleRate", names: ["LANGFUSE_SAMPLE_RATE"], parse: parseNumber },
  { option: "environment", names: ["LANGFUSE_TRACING_ENVIRONMENT"], parse: String },
  { option: "release", names: ["LANGFUSE_RELEASE"], parse: String },
  {
    option: "flushIntervalMs",
    names: ["LANGFUSE_FLUSH_INTERVAL"],
    parse: secondsToMs,
    expected: "to be a number of seconds, at least 0.001",
  },
  { option: "maxBatchSpans", names: ["LANGFUSE_FLUSH_AT"], parse: parseNumber },
  { option: "maxBatchBytes", names: ["PLAYHEAD_MAX_BATCH_BYTES"], parse: parseNumber },
  { option: "maxQueueBytes", names: ["PLAYHEAD_MAX_QUEUE_BYTES"], parse: parseNumber },
  { option: "holdMs", names: ["PLAYHEAD_HOLD_MS"], parse: parseNumber },
  { option: "maxHoldBytes", names: ["PLAYHEAD_MAX_HOLD_BYTES"], parse: parseNumber },
  { option: "spool", names: ["PLAYHEAD_SPOOL_DIR"], parse: (dir) => ({ ...SPOOL_DEFAULTS, dir }) },
  {
    option: "compression",
    names: ["PLAYHEAD_COMPRESSION"],
    parse: (text) => text.toLowerCase(),
  },
  { option: "shutdownTimeoutMs", names: ["PLAYHEAD_SHUTDOWN_TIMEOUT_MS"], parse: parseNumber },
  {
    option: "captureInput",
    names: ["LANGFUSE_OBSERVE_DECORATOR_IO_CAPTURE_ENABLED"],
    parse: parseBoolean,
  },
  {
    option: "captureOutput",
    names: ["LANGFUSE_OBSERVE_DECORATOR_IO_CAPTURE_ENABLED"],
    parse: parseBoolean,
  },
  { option: "maxFieldBytes", names: ["PLAYHEAD_MAX_FIELD_BYTES"], parse: parseNumber },
  { option: "media", names: ["LANGFUSE_MEDIA_UPLOAD_ENABLED"], parse: parseBoolean },
  { option: "logLevel", names: ["LANGFUSE_LOG_LEVEL"], parse: (text) => text.toLowerCase() },
  {
    option: "logLevel",
    names: ["LANGFUSE_DEBUG"],
    parse: (text) => {
      const isDebug = parseBoolean(text);
      if (isDebug === true) return "debug";
      return isDebug === false ? undefined : text;
    },
    expected: "to be true or false",
  },
];

export interface EnvironmentOptions {
  readonly values: Readonly<Partial<Record<OptionName, unknown>>>;
  /** One sentence per variable that cannot be used. */
  readonly problems: readonly string[];
  /** A variable names where traces are to go, but not in a form that can be used. */
  readonly hasInvalidAddress: boolean;
}

/** Reads what the environment says; a variable that is empty counts as not set. */
export function readEnvironment(environment: Environment): EnvironmentOptions {
  const values: Partial<Record<OptionName, unknown>> = {};
  const problems = new Set<string>(); // one variable may stand for two options
  let hasInvalidAddress = false;
  for (const { option, names, parse, expected } of VARIABLES) {
    const name = names.find((candidate) => environment[candidate]?.trim());
    const text = name === undefined ? undefined : environment[name]?.trim();
    if (text === undefined || text === "" || option in values) continue;
    const value = parse(text);
    if (value === undefined) continue;
    const kind: AnyKind = optionsKind.fields[option];
    if (check(kind, value).problems === undefined) {
      values[option] = value;
    } else {
      hasInvalidAddress ||= option === "baseUrl" || option === "endpoint";
      problems.add(
        `Ignoring ${name}: expected it ${expected ?? EXPECTED[option]}, got ${showOption(option, text)}.`,
      );
    }
  }
  return { values, problems: [...problems], hasInvalidAddress };
}

/** Empty text never comes here. A text that is no number stays a text, which no numeric option takes. */
function parseNumber(text: string): unknown {
  const value = Number(text);
  return Number.isNaN(value) ? text : value;
}

/** Langfuse's SDKs count these variables in seconds. */
function secondsToMs(text: string): unknown {
  const seconds = Number(text);
  return Number.isNaN(seconds) ? text : Math.round(seconds * 1_000);
}

function parseBoolean(text: string): unknown {
  const word = text.toLowerCase();
  if (["true", "1", "yes", "on"].includes(word)) return true;
  if (["false", "0", "no", "off"].includes(word)) return false;
  return text;
}
