import { isLoopbackHost } from "../../studio/server/guards";

/** What stands in the way of a connection, in plain words. */
export interface Diagnosis {
  readonly message: string;
  /** What to do. */
  readonly advice: string;
}

const UNTRUSTED: readonly string[] = [
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
];
const EXPIRED: readonly string[] = ["CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID"];
const NOT_TLS: readonly string[] = [
  "ERR_SSL_WRONG_VERSION_NUMBER",
  "ERR_SSL_PACKET_LENGTH_TOO_LONG",
  "EPROTO",
];
const UNKNOWN_NAME: readonly string[] = ["ENOTFOUND", "EAI_AGAIN", "EAI_NONAME"];
const CUT_OFF: readonly string[] = ["ECONNRESET", "UND_ERR_SOCKET", "HPE_INVALID_CONSTANT"];

/**
 * Why no answer came.
 * @param failure - Node's code, or words
 */
export function explainFailure(baseUrl: string, failure: string): Diagnosis {
  const { host, hostname, protocol } = new URL(baseUrl);
  const isLocal = isLoopbackHost(hostname);
  if (failure === "ECONNREFUSED") {
    return {
      message: `Nothing listens at ${host}.`,
      advice: isLocal
        ? "Start the studio with npx playhead studio, or set LANGFUSE_BASE_URL to the address of your Langfuse."
        : "Check host and port of LANGFUSE_BASE_URL, and that the server is running.",
    };
  }
  if (UNKNOWN_NAME.includes(failure)) {
    return {
      message: `No machine of the name ${hostname} is known.`,
      advice: "Check the spelling of LANGFUSE_BASE_URL, and that this machine can look names up.",
    };
  }
  if (UNTRUSTED.includes(failure)) {
    return {
      message: `${host} has a TLS certificate that this machine does not trust (${failure}).`,
      advice:
        "Is it signed by an authority of your own, give Node its certificate: NODE_EXTRA_CA_CERTS=/path/to/ca.pem. Do not switch the check off.",
    };
  }
  if (EXPIRED.includes(failure)) {
    return {
      message: `The TLS certificate of ${host} is not valid at this time (${failure}).`,
      advice: "Renew the certificate, or set this machine's clock if it is wrong.",
    };
  }
  if (failure === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return {
      message: `The TLS certificate of ${host} is for another name.`,
      advice: "Use the name that the certificate is for in LANGFUSE_BASE_URL.",
    };
  }
  if (NOT_TLS.includes(failure) && protocol === "https:") {
    return {
      message: `${host} does not speak HTTPS (${failure}).`,
      advice: `Write http:// in LANGFUSE_BASE_URL: http://${host}`,
    };
  }
  if (CUT_OFF.includes(failure)) {
    return {
      message: `${host} cut the connection off (${failure}).`,
      advice:
        protocol === "http:"
          ? `It may speak HTTPS only: try https://${host}. Else a firewall or proxy is in between.`
          : "A firewall or proxy may be in between; look at its logs and the server's.",
    };
  }
  if (failure === "no answer in time") {
    return {
      message: `${host} does not answer.`,
      advice: "Check host and port, and that no firewall swallows the request.",
    };
  }
  return {
    message: `Cannot reach ${host}: ${failure}.`,
    advice: "Check LANGFUSE_BASE_URL and the way there.",
  };
}
