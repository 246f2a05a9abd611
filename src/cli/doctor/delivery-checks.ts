import type { TargetConfig } from "../../config/targets";
import { fieldsOf, listOf, textOf } from "../../sessions/json-fields";
import { formatDuration } from "../../studio/conversation/format";
import { explainFailure } from "./connection-advice";
import { explainAnswer } from "./connection-checks";
import type { Finding } from "./finding";
import type { ProbeAnswer, ProbeResult } from "./probe";
import { asBatch, asOtlp, TEST_TRACE_NAME, type TestTrace } from "./test-trace";

const READ_EVERY_MS = 500;

export type Ask = (path: string, body?: unknown) => Promise<ProbeResult>;

export interface ReadBackOptions {
  /** Longest wait for the test trace to be readable, in milliseconds. */
  readonly readTimeoutMs: number;
  readonly nowMs: () => number;
}

export async function sendTrace(
  target: TargetConfig,
  trace: TestTrace,
  ask: Ask,
): Promise<Finding> {
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

export function explainRefusal(
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
export async function readBack(
  { readTimeoutMs, nowMs }: ReadBackOptions,
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
