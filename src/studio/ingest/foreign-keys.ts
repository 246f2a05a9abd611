/**
 * Attribute keys that other libraries write and the studio understands; our own stand in
 * `attributes/keys.ts`. Lists are in order of precedence: the first that holds something wins.
 *
 * Spec: https://langfuse.com/integrations/native/opentelemetry#property-mapping,
 * https://opentelemetry.io/docs/specs/semconv/gen-ai/,
 * https://github.com/Arize-ai/openinference/blob/main/spec/semantic_conventions.md
 */

import { OBSERVATION_KEYS, TRACE_KEYS } from "../../attributes/keys";

const AI_METADATA = "ai.telemetry.metadata";

export const SESSION_ID_KEYS = [
  "langfuse.session.id",
  TRACE_KEYS.sessionId,
  "gen_ai.conversation.id",
  `${OBSERVATION_KEYS.metadata}.langfuse_session_id`,
  `${TRACE_KEYS.metadata}.langfuse_session_id`,
  `${AI_METADATA}.sessionId`,
] as const;

export const USER_ID_KEYS = [
  "langfuse.user.id",
  TRACE_KEYS.userId,
  `${OBSERVATION_KEYS.metadata}.langfuse_user_id`,
  `${TRACE_KEYS.metadata}.langfuse_user_id`,
  `${AI_METADATA}.userId`,
] as const;

export const TAGS_KEYS = [
  TRACE_KEYS.tags,
  "langfuse.tags",
  `${OBSERVATION_KEYS.metadata}.langfuse_tags`,
  `${TRACE_KEYS.metadata}.langfuse_tags`,
  `${AI_METADATA}.tags`,
  "tag.tags",
] as const;

/** The first that is there wins, also when it is false. */
export const PUBLIC_KEYS = [TRACE_KEYS.public, "langfuse.public"] as const;

/** Each is looked up on the span, then on the resource. */
export const ENVIRONMENT_KEYS = [
  TRACE_KEYS.environment,
  "deployment.environment.name",
  "deployment.environment",
] as const;

/** On the resource: the version of what runs, where the span names none. */
export const SERVICE_VERSION_KEY = "service.version";

/** Of an observation; the span's own name comes after these. */
export const NAME_KEYS = [
  "gen_ai.tool.name",
  "genkit:name",
  "logfire.msg",
  "ai.toolCall.name",
] as const;
export const AI_OPERATION_ID_KEY = "ai.operationId";
export const AI_FUNCTION_ID_KEY = "ai.telemetry.functionId";

export const MODEL_KEYS = [
  OBSERVATION_KEYS.model,
  "gen_ai.response.model",
  "ai.model.id",
  "gen_ai.request.model",
  "llm.response.model",
  "llm.model_name",
  "model",
] as const;

/** A span that has one of these is a generation, if nothing says otherwise. */
export const MODEL_MARKER_KEYS = [
  OBSERVATION_KEYS.model,
  "gen_ai.request.model",
  "gen_ai.response.model",
  "llm.model_name",
  "model",
] as const;

/** JSON objects of parameters. */
export const MODEL_PARAMETERS_KEYS = [
  OBSERVATION_KEYS.modelParameters,
  "llm.invocation_parameters",
  "model_config",
] as const;
/** One parameter per attribute; `gen_ai.request.model` is the model, not a parameter. */
export const MODEL_PARAMETER_PREFIXES = ["gen_ai.request.", "llm.invocation_parameters."] as const;
export const REQUEST_MODEL_KEY = "gen_ai.request.model";

export const TYPE_KEYS = {
  openInferenceKind: "openinference.span.kind",
  genAiOperation: "gen_ai.operation.name",
  aiOperation: AI_OPERATION_ID_KEY,
  operationName: "operation.name",
  aiToolCall: "ai.toolCall.name",
  toolName: "gen_ai.tool.name",
  toolCallId: "gen_ai.tool.call.id",
} as const;

/** Token counts; of each line the first that is a number counts. */
export const USAGE_KEYS = {
  input: [
    "gen_ai.usage.input_tokens",
    "gen_ai.usage.prompt_tokens",
    "llm.token_count.prompt",
    "gen_ai.usage.prompt",
  ],
  output: [
    "gen_ai.usage.output_tokens",
    "gen_ai.usage.completion_tokens",
    "llm.token_count.completion",
    "gen_ai.usage.completion",
  ],
  total: ["gen_ai.usage.total_tokens", "llm.usage.total_tokens", "llm.token_count.total"],
  cacheRead: [
    "gen_ai.usage.cache_read.input_tokens",
    "gen_ai.usage.cache_read_input_tokens",
    "gen_ai.usage.cached_input_tokens",
    "gen_ai.usage.details.cache_read_tokens",
    "llm.token_count.prompt_details.cache_read",
  ],
  cacheWrite: [
    "gen_ai.usage.cache_creation.input_tokens",
    "gen_ai.usage.cache_creation_input_tokens",
    "gen_ai.usage.details.cache_write_tokens",
    "llm.token_count.prompt_details.cache_write",
  ],
  reasoning: [
    "gen_ai.usage.reasoning.output_tokens",
    "gen_ai.usage.reasoning_tokens",
    "gen_ai.usage.details.reasoning_tokens",
    "llm.token_count.completion_details.reasoning",
  ],
  outputAudio: [
    "gen_ai.usage.output_audio_tokens",
    "gen_ai.usage.details.output_audio_tokens",
    "llm.token_count.completion_details.audio",
  ],
} as const;

export const TOTAL_COST_KEYS = ["gen_ai.usage.cost", "llm.cost.total"] as const;

/** Milliseconds from the start of the span to the first chunk. */
export const FIRST_CHUNK_KEYS = ["ai.response.msToFirstChunk", "ai.stream.msToFirstChunk"] as const;

export const PROMPT_NAME_KEYS = [OBSERVATION_KEYS.promptName, "langfuse.prompt.name"] as const;
export const PROMPT_VERSION_KEYS = [
  OBSERVATION_KEYS.promptVersion,
  "langfuse.prompt.version",
] as const;
/** JSON with `name` and `version`. */
export const AI_PROMPT_KEY = `${AI_METADATA}.langfusePrompt`;

/** Messages of a model call, its system prompt, and the call of a tool. */
export const GEN_AI_IO_KEYS = {
  inputMessages: "gen_ai.input.messages",
  systemInstructions: "gen_ai.system_instructions",
  outputMessages: "gen_ai.output.messages",
  toolArguments: "gen_ai.tool.call.arguments",
  toolResult: "gen_ai.tool.call.result",
} as const;

/** Prefixes of lists that are written as one attribute per leaf. */
export const NUMBERED_IO_PREFIXES = {
  input: "gen_ai.prompt.",
  output: "gen_ai.completion.",
} as const;

/** Pairs of other libraries, one library each. */
export const FOREIGN_IO_KEYS = [
  { input: ["input.value"], output: ["output.value"] },
  { input: ["traceloop.entity.input"], output: ["traceloop.entity.output"] },
  {
    input: ["ai.prompt.messages", "ai.prompt", "ai.toolCall.args"],
    output: [
      "ai.response.text",
      "ai.result.text",
      "ai.toolCall.result",
      "ai.response.object",
      "ai.response.toolCalls",
    ],
  },
] as const;

/** The bare key holds JSON; below it stands one attribute per key. */
export const OBSERVATION_METADATA_KEYS = [
  OBSERVATION_KEYS.metadata,
  "langfuse.metadata",
  AI_METADATA,
] as const;

/** From a scope of this prefix the attributes that no field claims are not kept. */
export const OWN_SCOPE_PREFIXES = ["langfuse-sdk", "playhead"] as const;

/** Attributes of these prefixes belong to a field, so they are not left over. */
export const CLAIMED_PREFIXES: readonly string[] = [
  "langfuse.",
  TRACE_KEYS.sessionId,
  TRACE_KEYS.userId,
  `${AI_METADATA}.`,
  ...Object.values(GEN_AI_IO_KEYS),
  ...Object.values(NUMBERED_IO_PREFIXES),
  ...FOREIGN_IO_KEYS.flatMap(({ input, output }) => [...input, ...output]),
];
