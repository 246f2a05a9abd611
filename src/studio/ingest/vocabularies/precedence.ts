/**
 * Which attribute becomes which field: of each list the first entry that holds something wins,
 * whatever vocabulary it is of. Where Langfuse has a rule, the order is Langfuse's; what the studio
 * reads in addition comes after it.
 *
 * Spec: https://langfuse.com/integrations/native/opentelemetry#property-mapping
 */

import { OBSERVATION_KEYS, PLAYHEAD_KEYS, TRACE_KEYS } from "../../../attributes/keys";
import type { ObservationType } from "../../../attributes/observation-types";
import { firstTruthy } from "../attribute-values";
import {
  GEN_AI,
  genAiContentEvents,
  genAiDetailsEvent,
  genAiMessageEvents,
  genAiMessages,
  genAiNumbered,
  genAiOperationType,
  genAiToolCall,
  genAiToolType,
} from "./gen-ai";
import { LANGFUSE, langfuseInputOutput, langfuseType, oldPythonType } from "./langfuse";
import { LOGFIRE, logfireEvents, logfirePrompt, pydanticAiRun, pydanticAiTool } from "./logfire";
import { MLFLOW, mlflowInputOutput, mlflowType } from "./mlflow";
import {
  OPEN_INFERENCE,
  openInferenceMessages,
  openInferenceType,
  openInferenceValues,
} from "./open-inference";
import { OPEN_LLMETRY, openLlmetryEntity, openLlmetryType } from "./open-llmetry";
import {
  bareInputOutput,
  genkitInputOutput,
  genkitType,
  liveKitInputOutput,
  OTHERS,
  vertexInputOutput,
} from "./others";
import type { InputOutputRule, SpanSource } from "./source";
import {
  VERCEL_AI,
  vercelAiAttributes,
  vercelAiInputOutput,
  vercelAiToolType,
  vercelAiType,
} from "./vercel-ai";

export const SESSION_ID_KEYS = [
  LANGFUSE.sessionId,
  TRACE_KEYS.sessionId,
  GEN_AI.conversationId,
  ...LANGFUSE.sessionIdInMetadata,
  VERCEL_AI.sessionId,
  OPEN_LLMETRY.sessionId,
] as const;

export const USER_ID_KEYS = [
  LANGFUSE.userId,
  TRACE_KEYS.userId,
  ...LANGFUSE.userIdInMetadata,
  VERCEL_AI.userId,
  OPEN_LLMETRY.userId,
] as const;

export const TAGS_KEYS = [
  TRACE_KEYS.tags,
  LANGFUSE.tags,
  ...LANGFUSE.tagsInMetadata,
  VERCEL_AI.tags,
  OPEN_INFERENCE.tags,
  LOGFIRE.tags,
] as const;

/** The first that is there wins, also when it is false. */
export const PUBLIC_KEYS = [TRACE_KEYS.public, LANGFUSE.public] as const;

/** Each is looked up on the span, then on the resource. */
export const ENVIRONMENT_KEYS = [
  TRACE_KEYS.environment,
  "deployment.environment.name",
  "deployment.environment",
] as const;

/** On the resource: the version of what runs, where the span names none. */
export const SERVICE_VERSION_KEY = "service.version";

/** After these the operation of the AI SDK, then the span's own name. */
export const NAME_KEYS = [
  GEN_AI.toolName,
  OTHERS.genkit.name,
  LOGFIRE.message,
  VERCEL_AI.toolCallName,
] as const;

export const MODEL_KEYS = [
  OBSERVATION_KEYS.model,
  GEN_AI.responseModel,
  VERCEL_AI.model,
  GEN_AI.requestModel,
  OPEN_INFERENCE.responseModel,
  OPEN_INFERENCE.model,
  OTHERS.model,
] as const;

/** JSON objects of parameters; the AI SDK's own come after the first. */
export const MODEL_PARAMETERS_KEYS = [
  OPEN_INFERENCE.invocationParameters,
  LOGFIRE.modelConfig,
] as const;

/** One parameter per attribute. */
export const MODEL_PARAMETER_PREFIXES = [
  GEN_AI.requestPrefix,
  `${OPEN_INFERENCE.invocationParameters}.`,
] as const;

/** Token counts outside of the AI SDK; of each list the first that is a number counts. */
export const USAGE_KEYS = {
  input: [...GEN_AI.usage.input, ...OPEN_INFERENCE.usage.input],
  output: [...GEN_AI.usage.output, ...OPEN_INFERENCE.usage.output],
  total: [...GEN_AI.usage.total, OPEN_LLMETRY.totalTokens, ...OPEN_INFERENCE.usage.total],
  cacheRead: [...GEN_AI.usage.cacheRead, ...OPEN_INFERENCE.usage.cacheRead],
  cacheCreation: [...GEN_AI.usage.cacheCreation, ...OPEN_INFERENCE.usage.cacheCreation],
  inputAudio: [...GEN_AI.usage.inputAudio, ...OPEN_INFERENCE.usage.inputAudio],
  reasoning: [...GEN_AI.usage.reasoning, ...OPEN_INFERENCE.usage.reasoning],
  outputAudio: [...GEN_AI.usage.outputAudio, ...OPEN_INFERENCE.usage.outputAudio],
} as const;

export const TOTAL_COST_KEYS = [GEN_AI.cost, OPEN_INFERENCE.cost] as const;

export const PROMPT_NAME_KEYS = [OBSERVATION_KEYS.promptName, LANGFUSE.promptName] as const;
export const PROMPT_VERSION_KEYS = [
  OBSERVATION_KEYS.promptVersion,
  LANGFUSE.promptVersion,
] as const;

/** The bare key holds JSON; below it stands one attribute per key. */
export const OBSERVATION_METADATA_KEYS = [
  OBSERVATION_KEYS.metadata,
  LANGFUSE.metadata,
  VERCEL_AI.metadata,
] as const;

/** Of the metadata, those that became a field. */
export const METADATA_FIELD_KEYS: readonly string[] = [
  VERCEL_AI.sessionId,
  VERCEL_AI.userId,
  VERCEL_AI.tags,
  VERCEL_AI.prompt,
];

/** Rules by priority; the first that has an answer decides. */
export const TYPE_RULES: readonly ((source: SpanSource) => ObservationType | undefined)[] = [
  oldPythonType,
  langfuseType,
  openInferenceType,
  genAiOperationType,
  genkitType,
  vercelAiType,
  vercelAiToolType,
  genAiToolType,
  openLlmetryType,
  mlflowType,
  hasModel,
];

const MODEL_MARKER_KEYS = [
  OBSERVATION_KEYS.model,
  GEN_AI.requestModel,
  GEN_AI.responseModel,
  OPEN_INFERENCE.model,
  OTHERS.model,
] as const;

function hasModel({ attributes }: SpanSource): ObservationType | undefined {
  return firstTruthy(attributes, MODEL_MARKER_KEYS) === undefined ? undefined : "generation";
}

/** A rule that finds one of the two decides both: they belong together. */
export const INPUT_OUTPUT_RULES: readonly InputOutputRule[] = [
  langfuseInputOutput,
  genkitInputOutput,
  vercelAiInputOutput,
  genAiDetailsEvent,
  genAiMessageEvents,
  genAiContentEvents,
  vertexInputOutput,
  logfirePrompt,
  liveKitInputOutput,
  logfireEvents,
  mlflowInputOutput,
  openLlmetryEntity,
  openInferenceValues,
  bareInputOutput,
  pydanticAiRun,
  pydanticAiTool,
  genAiNumbered,
  openInferenceMessages,
  genAiMessages,
  genAiToolCall,
  vercelAiAttributes,
];

/** From a scope of this prefix the attributes that no field claims are not kept. */
export const OWN_SCOPE_PREFIXES = ["langfuse-sdk", "playhead"] as const;

/** Attributes of these prefixes are in a field, so they are not left over. Each ends with a dot. */
export const CLAIMED_PREFIXES: readonly string[] = [
  "langfuse.",
  `${VERCEL_AI.metadata}.`,
  `${GEN_AI.prompt}.`,
  `${GEN_AI.completion}.`,
  `${OPEN_INFERENCE.inputMessages}.`,
  `${OPEN_INFERENCE.outputMessages}.`,
];

/** Single attributes that are in a field. */
export const CLAIMED_KEYS: ReadonlySet<string> = new Set([
  PLAYHEAD_KEYS.streamTimeline,
  TRACE_KEYS.sessionId,
  TRACE_KEYS.userId,
  ...VERCEL_AI.modelInput,
  ...VERCEL_AI.modelOutput,
  GEN_AI.inputMessages,
  GEN_AI.systemInstructions,
  GEN_AI.outputMessages,
  GEN_AI.toolArguments,
  GEN_AI.toolResult,
  OPEN_INFERENCE.inputValue,
  OPEN_INFERENCE.outputValue,
  OPEN_LLMETRY.entityInput,
  OPEN_LLMETRY.entityOutput,
  MLFLOW.inputs,
  MLFLOW.outputs,
  OTHERS.genkit.input,
  OTHERS.genkit.output,
  ...Object.values(OTHERS.vertex),
  ...OTHERS.liveKit.input,
  ...OTHERS.liveKit.output,
  LOGFIRE.allMessagesEvents,
  ...LOGFIRE.allMessages,
]);
