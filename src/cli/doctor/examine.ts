import { endpointHeaders } from "../../client/endpoint";
import type { ResolvedConfig } from "../../config/resolve";
import type { TargetConfig } from "../../config/targets";
import { fieldsOf, listOf, textOf } from "../../sessions/json-fields";
import { formatDuration } from "../../studio/conversation/format";
import { isLoopbackHost } from "../../studio/server/guards";
import { explainFailure } from "./connection-advice";
import { type ProbeAnswer, type ProbeResult, probe } from "./probe";
import { asBatch, asOtlp, createTestTrace, TEST_TRACE_NAME, type TestTrace } from "./test-trace";

export type CheckName = "settings" | "address" | "version" | "clock" | "keys" | "send" | "read";

/** What one check found. */
export interface Finding {
  readonly check: CheckName;
  /** `warning`: it works, but not as it could. `skipped`: what it needs is not there. */
  readonly status: "ok" | "warning" | "failed" | "skipped";
  readonly message: string;
  /** What to do about it. */
  readonly advice?: string;
}

export interface ExamineOptions {
  readonly config: ResolvedConfig;
  /** For one request, in milliseconds. */
  readonly timeoutMs: number;
  /** Longest wait for the test trace to be readable, in milliseconds. */
  readonly readTimeoutMs: number;
  readonly nowMs: () => number;
}

/** Larger differences put traces where nobody looks for them, in milliseconds. */
const MAX_CLOCK_DIFFERENCE_MS = 60_000;
const READ_EVERY_MS = 500;

/** Checks an endpoint step by step; where one has failed, those that need it are skipped. */
export async function* examine(options: ExamineOptions): AsyncGenerator<Finding> {
  const { config, timeoutMs, nowMs } = options;
  const [target] = config.targets;
  const headers = endpointHeaders(target);
  const ask = (path: string, body?: unknown): Promise<ProbeResult> =>
    probe({
      url: target.baseUrl + path,
      headers,
      timeoutMs,
      ...(body === undefined ? {} : { body }),
    });

  yield checkSettings(config);
  const trace = createTestTrace(nowMs());
  if (target.ingestionUrl === undefined) {
    yield* checkCollector(target, trace, timeoutMs);
    return;
  }
  const health = await ask("/api/public/health");
  const address = checkAddress(target, health);
  yield address;
  if (address.status === "failed" || "failure" in health) {
    yield* skip(["version", "clock", "keys", "send", "read"], "the address does not answer");
    return;
  }
  yield await checkVersion(health, () => ask("/api/studio/setup"));
  yield checkClock(health);
  const keys = checkKeys(target, await ask("/api/public/projects"));
  yield keys;
  if (keys.status === "failed") {
    yield* skip(["send", "read"], "the keys are refused");
    return;
  }
  const sent = await sendTrace(target, trace, ask);
  yield sent;
  if (sent.status === "failed") {
    yield* skip(["read"], "nothing was sent");
    return;
  }
  yield await readBack(options, trace, ask);
}

function* skip(checks: readonly CheckName[], reason: string): Generator<Finding> {
  for (const check of checks) yield { check, status: "skipped", message: `Not tried: ${reason}.` };
}

function checkSettings({ targets: [target], notices }: ResolvedConfig): Finding {
  const { publicKey, secretKey, baseUrl, ingestionUrl, tracesUrl } = target;
  const check = "settings";
  const address = ingestionUrl === undefined ? hostAndPath(tracesUrl) : baseUrl;
  if (publicKey?.startsWith("sk-") || secretKey?.startsWith("pk-")) {
    return {
      check,
      status: "failed",
      message: "The two keys are swapped.",
      advice: "LANGFUSE_PUBLIC_KEY begins with pk-, LANGFUSE_SECRET_KEY with sk-.",
    };
  }
  const [notice] = notices;
  if (notice !== undefined) {
    return {
      check,
      status: "warning",
      message: notice,
      advice: "Correct it: what is wrong is ignored, and its default counts.",
    };
  }
  const hasKeys = publicKey !== undefined && secretKey !== undefined;
  if (!hasKeys && ingestionUrl !== undefined && !isLoopbackHost(new URL(baseUrl).hostname)) {
    return {
      check,
      status: "warning",
      message: `${address}, without keys.`,
      advice:
        "Only a local studio takes traces without keys. Set LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY.",
    };
  }
  const keys = hasKeys ? `public key ${shortened(publicKey)}` : "no keys";
  return { check, status: "ok", message: `${address}, ${keys}.` };
}

function shortened(key: string): string {
  return key.length > 12 ? `${key.slice(0, 9)}…` : key;
}

function checkAddress({ baseUrl }: TargetConfig, health: ProbeResult): Finding {
  const check = "address";
  if ("failure" in health) {
    return { check, status: "failed", ...explainFailure(baseUrl, health.failure) };
  }
  const { status, json, tookMs } = health;
  if (status === 200 && textOf(fieldsOf(json)["status"]) !== null) {
    return { check, status: "ok", message: `${baseUrl} answers in ${formatDuration(tookMs)}.` };
  }
  return { check, status: "failed", ...explainAnswer(baseUrl, health) };
}

/** An answer that a Langfuse-compatible server would not give. */
function explainAnswer(
  baseUrl: string,
  { status, isHtml, location }: ProbeAnswer,
): Pick<Finding, "message" | "advice"> & { readonly advice: string } {
  if (location !== undefined && status >= 300 && status < 400) {
    return {
      message: `${baseUrl} redirects to ${location}.`,
      advice:
        "Set LANGFUSE_BASE_URL to the address that it leads to. Is it a login, a proxy demands one: let /api/public through.",
    };
  }
  if (status === 502 || status === 503 || status === 504) {
    return {
      message: `${baseUrl} answers HTTP ${status}: a proxy is there, the server behind it is not.`,
      advice: "Start the server, and look at the proxy's way to it.",
    };
  }
  if (status === 401 || status === 403 || status === 407) {
    return {
      message: `${baseUrl} answers HTTP ${status} where no keys are needed: something before the server demands a login of its own.`,
      advice: "Let /api/public through there, or give what it demands in the option headers.",
    };
  }
  if (isHtml) {
    return {
      message: `${baseUrl} answers with a web page (HTTP ${status}), not as an API.`,
      advice:
        "A proxy or login page answers in the server's place, or the address is that of another site. Check LANGFUSE_BASE_URL: no path behind the host, unless yours has one.",
    };
  }
  return {
    message: `${baseUrl} is no Langfuse-compatible server: HTTP ${status} for /api/public/health.`,
    advice:
      "Check LANGFUSE_BASE_URL: host and port, and no path behind them, unless yours has one.",
  };
}

async function checkVersion(
  { json }: ProbeAnswer,
  askSetup: () => Promise<ProbeResult>,
): Promise<Finding> {
  const check = "version";
  const version = textOf(fieldsOf(json)["version"]);
  const setup = await askSetup();
  // Behind keys the studio's own API says nothing of itself to who has none.
  const isStudio = "status" in setup && "publicKey" in fieldsOf(setup.json);
  if (isStudio) return { check, status: "ok", message: `The studio of playhead ${version}.` };
  if (version === null) return { check, status: "skipped", message: "The server names none." };
  return { check, status: "ok", message: `Langfuse ${version}, or what speaks as it does.` };
}

function checkClock({ clockDifferenceMs }: ProbeAnswer): Finding {
  const check = "clock";
  if (clockDifferenceMs === undefined) {
    return { check, status: "skipped", message: "The server does not tell the time." };
  }
  const off = Math.abs(clockDifferenceMs);
  if (off <= MAX_CLOCK_DIFFERENCE_MS) {
    return { check, status: "ok", message: "This machine and the server agree on the time." };
  }
  const side = clockDifferenceMs > 0 ? "behind" : "ahead of";
  return {
    check,
    status: "failed",
    message: `This machine's clock is ${formatDuration(off)} ${side} the server's.`,
    advice:
      "Traces carry this machine's time, and stand where nobody looks for them. Set the clock of the machine that is wrong (NTP).",
  };
}

function checkKeys({ baseUrl, publicKey }: TargetConfig, answer: ProbeResult): Finding {
  const check = "keys";
  if ("failure" in answer) {
    return { check, status: "failed", ...explainFailure(baseUrl, answer.failure) };
  }
  const { status, json } = answer;
  if (status === 200) {
    const name = textOf(fieldsOf(listOf(fieldsOf(json)["data"])[0])["name"]);
    if (name !== null) return { check, status: "ok", message: `They open the project "${name}".` };
  }
  if (status === 401 || status === 403) {
    return {
      check,
      status: "failed",
      message:
        publicKey === undefined
          ? `${baseUrl} demands keys, and there are none.`
          : `${baseUrl} refuses the keys (HTTP ${status}).`,
      advice:
        publicKey === undefined
          ? "Set LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY, and LANGFUSE_BASE_URL to this address: keys of the environment go nowhere else. Or give --public-key and --secret-key."
          : "Set LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY to a pair of this server and project, each whole and without quotes. Keys of another region or server do not count here.",
    };
  }
  return { check, status: "failed", ...explainAnswer(baseUrl, answer) };
}

type Ask = (path: string, body?: unknown) => Promise<ProbeResult>;

async function sendTrace(target: TargetConfig, trace: TestTrace, ask: Ask): Promise<Finding> {
  const check = "send";
  const answer = await ask("/api/public/otel/v1/traces", asOtlp(trace));
  if ("failure" in answer) {
    return { check, status: "failed", ...explainFailure(target.baseUrl, answer.failure) };
  }
  if (answer.status === 404 || answer.status === 405) {
    const batch = await ask("/api/public/ingestion", asBatch(trace));
    if ("status" in batch && isTaken(batch)) {
      return {
        check,
        status: "warning",
        message:
          "An older Langfuse, which takes no OpenTelemetry traces: the test trace was sent by its older protocol, which the SDK falls back to.",
        advice:
          'It works; update Langfuse for more speed, or set protocol: "ingestion" to spare the first attempt.',
      };
    }
  }
  if (answer.status === 200 && !answer.isHtml) {
    return { check, status: "ok", message: `The test trace ${trace.traceId} was taken.` };
  }
  return { check, status: "failed", ...explainRefusal(target.baseUrl, answer) };
}

function isTaken({ status, json }: ProbeAnswer): boolean {
  const { successes, errors } = fieldsOf(json);
  return status === 207 && listOf(successes).length > 0 && listOf(errors).length === 0;
}

function explainRefusal(
  baseUrl: string,
  answer: ProbeAnswer,
): { readonly message: string; readonly advice: string } {
  const { status } = answer;
  if (status === 401 || status === 403) {
    return {
      message: `${baseUrl} lets these keys read, but not write (HTTP ${status}).`,
      advice: "Use a pair of keys of the project, and look whether ingestion is suspended there.",
    };
  }
  if (status === 413) {
    return {
      message: `A proxy before ${baseUrl} refuses even a small body (HTTP 413).`,
      advice: "Raise its limit for bodies, in nginx client_max_body_size.",
    };
  }
  if (status === 429) {
    return {
      message: `${baseUrl} limits requests, and the limit is reached (HTTP 429).`,
      advice: "Try again in a minute. The SDK waits and repeats by itself.",
    };
  }
  return explainAnswer(baseUrl, answer);
}

/** The trace may take a while: Langfuse writes it in the background. */
async function readBack(
  { readTimeoutMs, nowMs }: ExamineOptions,
  { traceId }: TestTrace,
  ask: Ask,
): Promise<Finding> {
  const check = "read";
  const startedAt = nowMs();
  for (;;) {
    const isThere =
      isTrace(await ask(`/api/public/traces/${traceId}`)) ||
      isRow(await ask(`/api/public/v2/observations?traceId=${traceId}&limit=1`));
    const tookMs = nowMs() - startedAt;
    if (isThere) {
      return {
        check,
        status: "ok",
        message: `It was there after ${formatDuration(tookMs)}. It is called "${TEST_TRACE_NAME}"; delete it when you like.`,
      };
    }
    if (tookMs + READ_EVERY_MS > readTimeoutMs) {
      return {
        check,
        status: "failed",
        message: `It was taken, but could not be read within ${formatDuration(readTimeoutMs)}.`,
        advice:
          "Langfuse stores traces in the background: see whether its worker runs, and what it logs. On a busy server give it longer: --timeout 60.",
      };
    }
    await new Promise((resolve) => setTimeout(resolve, READ_EVERY_MS));
  }
}

function isTrace(answer: ProbeResult): boolean {
  return (
    "status" in answer &&
    answer.status === 200 &&
    textOf(fieldsOf(answer.json)["name"]) === TEST_TRACE_NAME
  );
}

function isRow(answer: ProbeResult): boolean {
  if (!("status" in answer) || answer.status !== 200) return false;
  const [row] = listOf(fieldsOf(answer.json)["data"]);
  return textOf(fieldsOf(row)["name"]) === TEST_TRACE_NAME;
}

/** A collector takes spans, and gives nothing back. */
async function* checkCollector(
  target: TargetConfig,
  trace: TestTrace,
  timeoutMs: number,
): AsyncGenerator<Finding> {
  const body = asOtlp(trace);
  const { origin } = new URL(target.tracesUrl);
  const sent = await probe({
    url: target.tracesUrl,
    headers: endpointHeaders(target),
    timeoutMs,
    body,
  });
  const check = "send";
  if ("failure" in sent) {
    yield { check: "address", status: "failed", ...explainFailure(origin, sent.failure) };
  } else if (sent.status === 200 && !sent.isHtml) {
    yield { check, status: "ok", message: `The test trace ${trace.traceId} was taken.` };
  } else {
    yield { check, status: "failed", ...explainRefusal(hostAndPath(target.tracesUrl), sent) };
  }
  yield* skip(["read"], "an OTLP endpoint only takes spans");
}

/** Without credentials and query. */
function hostAndPath(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}
