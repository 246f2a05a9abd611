import type { JsonValue } from "../../api/types";
import { type ChatMessage, type ChatPart, chatMessages } from "../chat-messages";
import { prettyJson } from "../pretty-json";
import { splitTurnInput } from "../turn-text";

/**
 * What the user said in a turn, or what came back, whole: what a preview leaves out or cuts, tool calls
 * and JSON, is what may differ. Null where there is nothing.
 */
export function comparedText(value: JsonValue, side: "input" | "output"): string | null {
  if (value === null || value === "") return null;
  const messages = chatMessages(value, side);
  if (messages === null) return typeof value === "string" ? value : prettyJson(value);
  const wanted =
    side === "input"
      ? splitTurnInput(messages).current.filter(({ role }) => role === "user")
      : messages.filter(({ role }) => role !== "user" && role !== "system");
  const text = (wanted.length > 0 ? wanted : messages.slice(-1)).map(messageText).join("\n\n");
  return text.trim() === "" ? null : text.trim();
}

function messageText({ parts }: ChatMessage): string {
  return parts.map(partText).join("\n\n");
}

function partText(part: ChatPart): string {
  switch (part.kind) {
    case "text":
    case "reasoning":
      return part.text;
    case "tool-call":
      return `${part.name}(${prettyJson(part.arguments)})`;
    case "tool-result":
      return typeof part.content === "string" ? part.content : prettyJson(part.content);
    case "media":
      return `[${part.label}]`;
    case "json":
    case "fields":
      return prettyJson(part.value);
  }
}
