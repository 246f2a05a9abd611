import { judge } from "../../export/send";
import type { HttpAnswer, NoAnswer, Transport } from "../../export/transport";
import type { EndpointKind, HandoverFailure } from "../api/handover-types";
import { isJsonObject, parseJson } from "../store/json-text";
import type { Address } from "./address";

/** An endpoint that has answered. */
export interface FoundEndpoint {
  readonly kind: EndpointKind;
  readonly baseUrl: string;
  readonly tracesUrl: string;
  readonly project: string | null;
}

/** Nothing can be sent there; the message says why, and what to do. */
export class HandoverError extends Error {
  override readonly name = "HandoverError";
  readonly code: HandoverFailure["code"];

  constructor(code: HandoverFailure["code"], message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Finds out what stands at an address, and whether it takes the keys.
 * @param hasKeys - whether the transport sends any
 * @throws (rejects) HandoverError
 */
export async function findEndpoint(
  { baseUrl, tracesUrl }: Address,
  transport: Pick<Transport, "get">,
  hasKeys: boolean,
): Promise<FoundEndpoint> {
  const get = async (path: string): Promise<HttpAnswer> => {
    const answer = await transport.get(baseUrl + path);
    checkAnswer(answer, baseUrl, hasKeys);
    return answer;
  };
  if (tracesUrl !== undefined) return { kind: "otlp", baseUrl, tracesUrl, project: null };
  const health = fieldsOf(await get("/api/public/health"));
  if (typeof health["version"] !== "string") {
    return { kind: "otlp", baseUrl, tracesUrl: `${baseUrl}/v1/traces`, project: null };
  }
  const project = projectName(await get("/api/public/projects"));
  if (project === undefined) {
    throw new HandoverError(
      "ENDPOINT_UNEXPECTED",
      `${baseUrl} does not say which project the keys belong to. Check that it is a Langfuse-compatible server.`,
    );
  }
  const setup = fieldsOf(await get("/api/studio/setup"));
  const kind = "publicKey" in setup ? "studio" : "langfuse";
  return { kind, baseUrl, tracesUrl: `${baseUrl}/api/public/otel/v1/traces`, project };
}

/** @throws HandoverError for no answer, and for one that none of the paths gives */
function checkAnswer(
  answer: HttpAnswer | NoAnswer,
  baseUrl: string,
  hasKeys: boolean,
): asserts answer is HttpAnswer {
  if ("failure" in answer) {
    const advice = answer.isFinal
      ? "Nothing is sent to such an address: check what the name stands for."
      : "Check the address, and that the server is running.";
    throw new HandoverError(
      "ENDPOINT_UNREACHABLE",
      `Cannot reach ${baseUrl}: ${answer.failure}. ${advice}`,
    );
  }
  const { status } = answer;
  if (status === 401 || status === 403) {
    const refusal = hasKeys ? "refuses the keys" : "demands keys, and none are given";
    throw new HandoverError(
      "ENDPOINT_REFUSED",
      `${baseUrl} ${refusal} (HTTP ${status}). Check the public and the secret key, and that they belong to this address.`,
    );
  }
  if (status >= 300 && status < 400) {
    throw new HandoverError(
      "ENDPOINT_UNEXPECTED",
      `${baseUrl} redirects (HTTP ${status}). Give the address that it leads to.`,
    );
  }
  const result = judge(answer, baseUrl);
  if (result.status === "retryable") {
    throw new HandoverError(
      "ENDPOINT_UNREACHABLE",
      `${baseUrl} cannot take anything now: ${result.reason}. Try again later.`,
    );
  }
}

function fieldsOf({ status, text }: HttpAnswer): Readonly<Record<string, unknown>> {
  const body = status === 200 ? parseJson(text) : undefined;
  return isJsonObject(body) ? body : {};
}

function projectName(answer: HttpAnswer): string | undefined {
  const { data } = fieldsOf(answer);
  const first: unknown = Array.isArray(data) ? data[0] : undefined;
  if (typeof first !== "object" || first === null || !("name" in first)) return undefined;
  return typeof first.name === "string" ? first.name : undefined;
}
