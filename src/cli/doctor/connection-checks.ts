import type { ResolvedConfig } from "../../config/resolve";
import type { TargetConfig } from "../../config/targets";
import { fieldsOf, listOf, textOf } from "../../sessions/json-fields";
import { formatDuration } from "../../studio/conversation/format";
import { isLoopbackHost } from "../../studio/server/guards";
import { explainFailure } from "./connection-advice";
import type { Finding } from "./finding";
import type { ProbeAnswer, ProbeResult } from "./probe";

/** Larger differences put traces where nobody looks for them, in milliseconds. */
const MAX_CLOCK_DIFFERENCE_MS = 60_000;

export function checkSettings({ targets: [target], notices }: ResolvedConfig): Finding {
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

export function checkAddress({ baseUrl }: TargetConfig, health: ProbeResult): Finding {
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
export function explainAnswer(
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

export async function checkVersion(
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

export function checkClock({ clockDifferenceMs }: ProbeAnswer): Finding {
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

export function checkKeys({ baseUrl, publicKey }: TargetConfig, answer: ProbeResult): Finding {
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

/** Without credentials and query. */
export function hostAndPath(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}
