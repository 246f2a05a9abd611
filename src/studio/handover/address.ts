/** Where to send, as it was given. */
export interface Address {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  /** Given where the address names the path for traces of an endpoint that is no Langfuse. */
  readonly tracesUrl: string | undefined;
}

const LANGFUSE_TRACES = "/api/public/otel/v1/traces";
const OTLP_TRACES = "/v1/traces";

/**
 * Reads an address that a person typed; for the page as well as for Node.
 * @returns the address, or what is wrong with it, as a sentence
 */
export function parseAddress(text: string): Address | { readonly problem: string } {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    return { problem: `Expected an address with http:// or https://, got ${JSON.stringify(text)}` };
  }
  if (url.username !== "" || url.password !== "") {
    return { problem: "Expected an address without a user name and password: give keys as keys" };
  }
  if (url.search !== "") return { problem: "Expected an address without a query" };
  const path = url.pathname.replace(/\/+$/, "");
  if (path.endsWith(LANGFUSE_TRACES)) {
    return { baseUrl: url.origin + path.slice(0, -LANGFUSE_TRACES.length), tracesUrl: undefined };
  }
  const isOtlp = path.endsWith(OTLP_TRACES);
  return { baseUrl: url.origin + path, tracesUrl: isOtlp ? url.origin + path : undefined };
}
