import type { ObservationType } from "../../../attributes/observation-types";
import { firstTruthy } from "../attribute-values";
import { type Captured, captured, capturedPair, type SpanSource } from "./source";

/** Vocabularies of which a few keys are read. */
export const OTHERS = {
  genkit: {
    name: "genkit:name",
    subtype: "genkit:metadata:subtype",
    input: "genkit:input",
    output: "genkit:output",
  },
  vertex: {
    request: "gcp.vertex.agent.llm_request",
    response: "gcp.vertex.agent.llm_response",
    toolArguments: "gcp.vertex.agent.tool_call_args",
    toolResponse: "gcp.vertex.agent.tool_response",
  },
  liveKit: {
    input: ["lk.input_text", "lk.user_transcript", "lk.chat_ctx", "lk.user_input"],
    output: ["lk.function_tool.output", "lk.response.text"],
  },
  /** Keys without a prefix, of Pipecat and of smaller ones. */
  model: "model",
  input: "input",
  output: "output",
} as const;

const GENKIT_SUBTYPES: ReadonlyMap<unknown, ObservationType> = new Map([
  ["model", "generation"],
  ["embedder", "embedding"],
  ["tool", "tool"],
  ["retriever", "retriever"],
  ["evaluator", "evaluator"],
]);

export function genkitType({ attributes }: SpanSource): ObservationType | undefined {
  return GENKIT_SUBTYPES.get(attributes.get(OTHERS.genkit.subtype));
}

export function genkitInputOutput({ attributes }: SpanSource): Captured | undefined {
  return capturedPair(attributes, [OTHERS.genkit.input], [OTHERS.genkit.output]);
}

/** Around a tool the agent kit writes an empty request and an empty response of a model. */
export function vertexInputOutput({ attributes }: SpanSource): Captured | undefined {
  const { request, response, toolArguments, toolResponse } = OTHERS.vertex;
  const first = (model: string, tool: string) =>
    firstTruthy(attributes, attributes.get(model) === "{}" ? [tool] : [model, tool]);
  return captured(first(request, toolArguments), first(response, toolResponse));
}

export function liveKitInputOutput({ attributes }: SpanSource): Captured | undefined {
  return capturedPair(attributes, OTHERS.liveKit.input, OTHERS.liveKit.output);
}

export function bareInputOutput({ attributes }: SpanSource): Captured | undefined {
  return capturedPair(attributes, [OTHERS.input], [OTHERS.output]);
}
