import { OBSERVATION_KEYS, RESOURCE_KEYS, TRACE_KEYS } from "../../../attributes/keys";
import { OBSERVATION_TYPES, type ObservationType } from "../../../attributes/observation-types";
import type { Captured, SpanSource } from "./source";

/**
 * Langfuse's attributes, beside those in `attributes/keys.ts`: what older SDKs and its other
 * integrations write.
 * Spec: https://langfuse.com/integrations/native/opentelemetry#property-mapping
 */
export const LANGFUSE = {
  sessionId: "langfuse.session.id",
  userId: "langfuse.user.id",
  tags: "langfuse.tags",
  public: "langfuse.public",
  metadata: "langfuse.metadata",
  promptName: "langfuse.prompt.name",
  promptVersion: "langfuse.prompt.version",
  traceInput: "langfuse.trace.input",
  traceOutput: "langfuse.trace.output",
  /** Set by integrations that can write nothing but metadata. */
  sessionIdInMetadata: [
    `${OBSERVATION_KEYS.metadata}.langfuse_session_id`,
    `${TRACE_KEYS.metadata}.langfuse_session_id`,
  ],
  userIdInMetadata: [
    `${OBSERVATION_KEYS.metadata}.langfuse_user_id`,
    `${TRACE_KEYS.metadata}.langfuse_user_id`,
  ],
  tagsInMetadata: [
    `${OBSERVATION_KEYS.metadata}.langfuse_tags`,
    `${TRACE_KEYS.metadata}.langfuse_tags`,
  ],
} as const;

/** The scope of Langfuse's own SDKs. */
const SDK_SCOPE = "langfuse-sdk";

/** Any case but lower falls through to the next vocabulary. */
export function langfuseType({ attributes }: SpanSource): ObservationType | undefined {
  return OBSERVATION_TYPES.find((type) => type === attributes.get(OBSERVATION_KEYS.type));
}

const GENERATION_KEYS = [
  OBSERVATION_KEYS.model,
  OBSERVATION_KEYS.costDetails,
  OBSERVATION_KEYS.usageDetails,
  OBSERVATION_KEYS.completionStartTime,
  OBSERVATION_KEYS.modelParameters,
  OBSERVATION_KEYS.promptName,
  OBSERVATION_KEYS.promptVersion,
];

/** Python's SDK up to 3.3 calls a generation `span` where it was updated from outside of it. */
export function oldPythonType({
  attributes,
  scope,
  resource,
}: SpanSource): ObservationType | undefined {
  if (attributes.get(OBSERVATION_KEYS.type) !== "span" || scope.name !== SDK_SCOPE)
    return undefined;
  if (resource.get(RESOURCE_KEYS.sdkLanguage) !== "python") return undefined;
  const [major = 0, minor = 0] = scope.version.split(".").map(Number);
  if (major > 3 || (major === 3 && minor > 3)) return undefined;
  return GENERATION_KEYS.some((key) => attributes.has(key)) ? "generation" : undefined;
}

/** Counts where it is there at all: an empty text is an input, too. */
export function langfuseInputOutput({ attributes }: SpanSource): Captured | undefined {
  const input = attributes.get(OBSERVATION_KEYS.input) ?? undefined;
  const output = attributes.get(OBSERVATION_KEYS.output) ?? undefined;
  return input === undefined && output === undefined ? undefined : { input, output };
}
