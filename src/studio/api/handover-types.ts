/** What `POST /api/studio/handover` takes and answers: the contract with the page and the terminal. */

/** The keys are used for this one request: neither stored nor written to a log. */
export interface HandoverRequest {
  readonly sessionId: string;
  /** Address of a Langfuse-compatible server, or of an OTLP endpoint: `https://host`, or `…/v1/traces`. */
  readonly to: string;
  readonly publicKey?: string | undefined;
  readonly secretKey?: string | undefined;
}

/** One line of the answer, which is JSON by lines; the last one is no progress. */
export type HandoverEvent = HandoverProgress | HandoverOutcome | HandoverFailure;

export interface HandoverProgress {
  readonly type: "progress";
  readonly step: "files" | "observations" | "scores";
  /** Of this step, of all that there are; refused ones count as done. */
  readonly doneCount: number;
  readonly count: number;
  /** Why the last attempt failed, where it is tried again. */
  readonly trouble: string | null;
}

/** `found = sent + refused + left`. */
export interface HandoverCounts {
  readonly found: number;
  readonly sent: number;
  /** The endpoint does not take them; `problems` says why. */
  readonly refused: number;
  /** Not tried, or without an answer. */
  readonly left: number;
}

export type EndpointKind =
  | "studio"
  | "langfuse"
  /** Any other that takes OpenTelemetry's traces. */
  | "otlp";

export interface HandoverOutcome {
  readonly type: "outcome";
  readonly sessionId: string;
  /** Address that spans were sent to, without query. */
  readonly to: string;
  readonly kind: EndpointKind;
  /** Name of the project that the keys belong to, where the endpoint tells it. */
  readonly project: string | null;
  /** All is there that an endpoint of this kind has a place for. */
  readonly isComplete: boolean;
  readonly traceCount: number;
  readonly observations: HandoverCounts;
  readonly scores: HandoverCounts;
  readonly files: HandoverCounts;
  /** What an endpoint of this kind has no place for, or gets in another form: each a sentence. */
  readonly notes: readonly string[];
  /** Why something is missing there: each a sentence, at most ten. */
  readonly problems: readonly string[];
}

/** Nothing was sent. */
export interface HandoverFailure {
  readonly type: "failure";
  readonly code: "ENDPOINT_UNREACHABLE" | "ENDPOINT_REFUSED" | "ENDPOINT_UNEXPECTED";
  readonly message: string;
}
