import type { JsonValue } from "../api/types";
import { type ChatMessage, type ChatPart, chatMessages } from "./chat-messages";
import { compactJson } from "./json-text";

/** Longest JSON that stands in for a text. */
const MAX_FALLBACK_LENGTH = 2_000;

/** The input of a turn, parted by what is new in it. */
export interface TurnInput {
  readonly system: readonly ChatMessage[];
  /** What was said before this turn and sent along. */
  readonly earlier: readonly ChatMessage[];
  /** From the last user message on: that message and, in an agent's loop, the tool calls since. */
  readonly current: readonly ChatMessage[];
}

/** Parts the messages of an input; without a user message the last message is the current one. */
export function splitTurnInput(messages: readonly ChatMessage[]): TurnInput {
  const system = messages.filter((message) => message.role === "system");
  const spoken = messages.filter((message) => message.role !== "system");
  let start = spoken.findLastIndex((message) => message.role === "user");
  if (start === -1) start = Math.max(0, spoken.length - 1);
  while (spoken[start]?.role === "user" && spoken[start - 1]?.role === "user") start--;
  return { system, earlier: spoken.slice(0, start), current: spoken.slice(start) };
}

/**
 * Leaves out fields beside a text that only repeat what is known of the turn, such as its session id.
 * @param known - values that say nothing new
 */
export function withoutKnownFields(
  messages: readonly ChatMessage[],
  known: readonly JsonValue[],
): readonly ChatMessage[] {
  return messages.map((message) => {
    const parts = message.parts.flatMap((part): readonly ChatPart[] => {
      if (part.kind !== "fields") return [part];
      const fresh = Object.entries(part.value).filter(([, value]) => !known.includes(value));
      return fresh.length === 0 ? [] : [{ kind: "fields", value: Object.fromEntries(fresh) }];
    });
    return { ...message, parts };
  });
}

/**
 * The user's new text of a turn: of a list of messages the last user message, of other shapes the
 * text in them, else the JSON, shortened. Null when there is no input.
 */
export function turnUserText(input: JsonValue): string | null {
  const messages = chatMessages(input, "input");
  if (messages === null) return fallbackText(input);
  const spoken = splitTurnInput(messages).current.filter((message) => message.role === "user");
  return joinTexts(spoken.length > 0 ? spoken : messages.slice(-1));
}

/** The assistant's answer of a turn, by the same rules as {@link turnUserText}. */
export function turnAssistantText(output: JsonValue): string | null {
  const messages = chatMessages(output, "output");
  if (messages === null) return fallbackText(output);
  const lastWithText = messages.findLast(
    (message) => message.role === "assistant" && hasText(message),
  );
  return joinTexts(lastWithText === undefined ? messages.slice(-1) : [lastWithText]);
}

/** The words of a message; tool calls, media and JSON as short placeholders where it has no words. */
function messageText(message: ChatMessage): string {
  const words = message.parts.flatMap((part) => (part.kind === "text" ? [part.text] : []));
  if (words.length > 0) return words.join("\n\n");
  return message.parts.map(partText).join("\n");
}

function partText(part: ChatPart): string {
  switch (part.kind) {
    case "text":
    case "reasoning":
      return part.text;
    case "tool-call":
      return `${part.name}(${compactJson(part.arguments, 200)})`;
    case "tool-result":
      return typeof part.content === "string" ? part.content : compactJson(part.content, 400);
    case "media":
      return `[${part.label}]`;
    case "json":
    case "fields":
      return compactJson(part.value, MAX_FALLBACK_LENGTH);
  }
}

function hasText(message: ChatMessage): boolean {
  return message.parts.some((part) => part.kind === "text");
}

function joinTexts(messages: readonly ChatMessage[]): string | null {
  const text = messages.map(messageText).join("\n\n").trim();
  return text === "" ? null : text;
}

function fallbackText(value: JsonValue): string | null {
  if (value === null || value === "") return null;
  return compactJson(value, MAX_FALLBACK_LENGTH);
}
