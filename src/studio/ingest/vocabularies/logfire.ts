import type { ObservationLevel } from "../../../attributes/observation-types";
import type { JsonValue } from "../../api/types";
import { isJsonObject, parseJson } from "../../store/json-text";
import { numberOf, toJson } from "../attribute-values";
import { type Captured, captured, capturedPair, type SpanSource } from "./source";

/** Logfire, and Pydantic AI that is traced with it. Spec: https://pydantic.dev/docs/logfire */
export const LOGFIRE = {
  message: "logfire.msg",
  tags: "logfire.tags",
  /** A severity number of OpenTelemetry. */
  level: "logfire.level_num",
  prompt: "prompt",
  allMessagesEvents: "all_messages_events",
  events: "events",
  allMessages: ["pydantic_ai.all_messages", "all_messages"],
  finalResult: "final_result",
  toolArguments: "tool_arguments",
  toolResponse: "tool_response",
  /** A JSON object of model parameters. */
  modelConfig: "model_config",
} as const;

export function logfirePrompt({ attributes }: SpanSource): Captured | undefined {
  return capturedPair(attributes, [LOGFIRE.prompt], [LOGFIRE.allMessagesEvents]);
}

/** A list of GenAI events in one attribute: the choice is the output, all others the input. */
export function logfireEvents({ attributes }: SpanSource): Captured | undefined {
  const given = attributes.get(LOGFIRE.events);
  if (!given) return undefined;
  const list = typeof given === "string" ? parseJson(given) : toJson(given);
  if (!Array.isArray(list)) return undefined;
  const isChoice = (event: JsonValue): boolean =>
    isJsonObject(event) && event["event.name"] === "gen_ai.choice";
  const input = list.filter((event) => !isChoice(event));
  const choice = list.find(isChoice);
  return captured(
    input.length > 0 ? JSON.stringify(input) : undefined,
    choice === undefined ? undefined : JSON.stringify(choice),
  );
}

export function pydanticAiRun({ attributes }: SpanSource): Captured | undefined {
  return capturedPair(attributes, LOGFIRE.allMessages, [LOGFIRE.finalResult]);
}

export function pydanticAiTool({ attributes }: SpanSource): Captured | undefined {
  return capturedPair(attributes, [LOGFIRE.toolArguments], [LOGFIRE.toolResponse]);
}

export function logfireLevel({
  attributes,
}: Pick<SpanSource, "attributes">): ObservationLevel | undefined {
  const severity = numberOf(attributes.get(LOGFIRE.level));
  if (severity === undefined) return undefined;
  if (severity >= 17) return "ERROR";
  if (severity >= 13) return "WARNING";
  return severity >= 9 ? "DEFAULT" : "DEBUG";
}
