import { endpointHeaders } from "../../client/endpoint";
import type { ResolvedConfig } from "../../config/resolve";
import type { TargetConfig } from "../../config/targets";
import { explainFailure } from "./connection-advice";
import {
  checkAddress,
  checkClock,
  checkKeys,
  checkSettings,
  checkVersion,
  hostAndPath,
} from "./connection-checks";
import { explainRefusal, type ReadBackOptions, readBack, sendTrace } from "./delivery-checks";
import type { CheckName, Finding } from "./finding";
import { type ProbeResult, probe } from "./probe";
import { asOtlp, createTestTrace, type TestTrace } from "./test-trace";

export interface ExamineOptions extends ReadBackOptions {
  readonly config: ResolvedConfig;
  /** For one request, in milliseconds. */
  readonly timeoutMs: number;
}

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
