import { failureOf } from "../../sessions/endpoint";

export interface ProbeRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** In milliseconds. */
  readonly timeoutMs: number;
  /** Sent as JSON by POST; absent for a GET. */
  readonly body?: unknown;
}

/** An answer, whatever it is. */
export interface ProbeAnswer {
  readonly status: number;
  /** Parsed; undefined where it is not JSON. */
  readonly json: unknown;
  /** A page for people: of a proxy, a login, or another site. */
  readonly isHtml: boolean;
  /** Where a redirect leads, without a query; undefined where it is none. */
  readonly location: string | undefined;
  /** From the request to the end of the answer, in milliseconds. */
  readonly tookMs: number;
  /** The server's clock less this machine's, in milliseconds; undefined where it names no time. */
  readonly clockDifferenceMs: number | undefined;
}

export type ProbeResult = ProbeAnswer | { /** Node's code, or words. */ readonly failure: string };

/** One request, not repeated, whose answer is looked at closely. Redirects are not followed. */
export async function probe({ url, headers, timeoutMs, body }: ProbeRequest): Promise<ProbeResult> {
  const sentAtMs = Date.now();
  const startedAt = performance.now();
  try {
    const response = await fetch(url, {
      headers: {
        ...headers,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
    });
    const answeredAtMs = Date.now();
    const text = await response.text();
    const type = response.headers.get("content-type") ?? "";
    return {
      status: response.status,
      json: parseJson(text),
      isHtml: /text\/html/i.test(type) || /^\s*<(!doctype|html)/i.test(text),
      location: locationOf(url, response.headers.get("location")),
      tookMs: performance.now() - startedAt,
      clockDifferenceMs: differenceOf(response.headers.get("date"), (sentAtMs + answeredAtMs) / 2),
    };
  } catch (error) {
    return { failure: failureOf(error) };
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // an empty answer, or a page
  }
}

function locationOf(url: string, location: string | null): string | undefined {
  if (location === null || !URL.canParse(location, url)) return undefined;
  const { origin, pathname } = new URL(location, url);
  return origin + pathname;
}

/** A `Date` header is cut to the second: in the mean it is half a second behind. */
function differenceOf(date: string | null, nowMs: number): number | undefined {
  const serverMs = Date.parse(date ?? "");
  return Number.isNaN(serverMs) ? undefined : serverMs + 500 - nowMs;
}
