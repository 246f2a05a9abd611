import type { JsonObject, JsonValue } from "../api/types";
import type { ChatPart } from "./chat-messages";
import { isJsonArray } from "./json-text";
import { mediaOfPart, splitMedia } from "./media-text";

/** The content of a message: a text, a list of parts in any dialect, or anything else. */
export function chatParts(content: JsonValue): ChatPart[] {
  if (content === null || content === "") return [];
  if (typeof content === "string") return textParts(content);
  if (isJsonArray(content)) return content.flatMap(readPart);
  return readPart(content);
}

/** A text, parted at the media in it. */
export function textParts(text: string): ChatPart[] {
  const pieces = splitMedia(text);
  return pieces.flatMap((piece): ChatPart[] => {
    if (piece.kind === "media") {
      return [{ kind: "media", label: piece.media.contentType, media: piece.media }];
    }
    const isGap = pieces.length > 1 && piece.text.trim() === "";
    return isGap ? [] : [piece];
  });
}

/** The tool calls that stand beside the content of a message (OpenAI, LangChain). */
export function toolCallsOf(message: JsonObject): ChatPart[] {
  const calls = message["tool_calls"] ?? message["toolCalls"];
  const legacy = message["function_call"];
  const list = calls !== undefined && isJsonArray(calls) ? calls : [];
  const parts = list.flatMap((call) => (isObject(call) ? [toolCall(call)] : []));
  const refusal = message["refusal"];
  const said: ChatPart[] =
    typeof refusal === "string" && refusal !== "" ? [{ kind: "text", text: refusal }] : [];
  return [...said, ...parts, ...(isObject(legacy) ? [toolCall(legacy)] : [])];
}

function readPart(part: JsonValue): ChatPart[] {
  if (part === null || part === "") return [];
  if (typeof part === "string") return textParts(part);
  if (!isObject(part)) return [{ kind: "json", value: part }];
  const type = typeof part["type"] === "string" ? part["type"] : "";
  return readNamedPart(part, type) ?? readUnnamedPart(part) ?? [{ kind: "json", value: part }];
}

/** A part that says what it is in `type`. */
function readNamedPart(part: JsonObject, type: string): ChatPart[] | null {
  switch (type) {
    case "text":
    case "input_text":
    case "output_text":
    case "refusal":
    case "summary_text":
      return textPart("text", part["text"] ?? part["content"] ?? part["refusal"]);
    case "reasoning":
    case "thinking":
    case "redacted_thinking":
    case "reasoning_text":
      return textPart("reasoning", reasoningText(part));
    case "tool_use":
    case "server_tool_use":
    case "tool_call":
    case "tool-call":
    case "function_call":
    case "function":
      return [toolCall(part)];
    case "tool_result":
    case "tool-result":
    case "tool_call_response":
    case "function_call_output":
      return [toolResult(part)];
    default:
      return isMedia(type) ? [mediaPart(part, type)] : null;
  }
}

/** Gemini's parts carry no `type`: the field names tell. */
function readUnnamedPart(part: JsonObject): ChatPart[] | null {
  const call = part["functionCall"] ?? part["function_call"];
  if (isObject(call)) return [toolCall(call)];
  const response = part["functionResponse"] ?? part["function_response"];
  if (isObject(response)) return [toolResult(response)];
  if (isObject(part["inlineData"]) || isObject(part["fileData"])) {
    return [mediaPart(part, "file")];
  }
  return part["type"] === undefined ? textPart("text", part["text"]) : null;
}

function textPart(kind: "text" | "reasoning", value: JsonValue | undefined): ChatPart[] | null {
  if (typeof value !== "string") return null;
  if (value === "") return [];
  return kind === "text" ? textParts(value) : [{ kind, text: value }];
}

function reasoningText(part: JsonObject): JsonValue | undefined {
  const summary = part["summary"];
  if (summary !== undefined && isJsonArray(summary)) {
    return summary
      .flatMap((item) => (isObject(item) && typeof item["text"] === "string" ? item["text"] : []))
      .join("\n\n");
  }
  return part["thinking"] ?? part["text"] ?? part["content"] ?? part["data"];
}

function toolCall(call: JsonObject): ChatPart {
  const inner = isObject(call["function"]) ? call["function"] : call;
  const given =
    inner["arguments"] ?? inner["args"] ?? inner["input"] ?? inner["parameters"] ?? null;
  return {
    kind: "tool-call",
    id: firstText(call["call_id"], call["id"], call["toolCallId"], call["tool_call_id"]),
    name: firstText(inner["name"], inner["toolName"], inner["tool_name"]) ?? "tool",
    arguments: typeof given === "string" ? parsed(given) : given,
  };
}

function toolResult(part: JsonObject): ChatPart {
  const content =
    part["output"] ?? part["content"] ?? part["result"] ?? part["response"] ?? part["value"];
  return {
    kind: "tool-result",
    id: firstText(part["tool_use_id"], part["call_id"], part["toolCallId"], part["id"]),
    name: firstText(part["toolName"], part["name"], part["tool_name"]),
    content: content ?? null,
  };
}

/** Arguments travel as JSON text; text that is not JSON stays as it is. */
function parsed(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue; // what `JSON.parse` returns without a reviver
  } catch {
    return text; // a streamed call that broke off leaves half an object
  }
}

function isMedia(type: string): boolean {
  return /image|audio|video|file|document|media|blob|uri/.test(type);
}

function mediaPart(part: JsonObject, type: string): ChatPart {
  return { kind: "media", label: mediaLabel(part, type), media: mediaOfPart(part) };
}

function mediaLabel(part: JsonObject, type: string): string {
  const inner = [part, part["source"], part["inlineData"], part["fileData"], part["file"]];
  for (const holder of inner) {
    if (!isObject(holder)) continue;
    const named = firstText(
      holder["filename"],
      holder["mediaType"],
      holder["media_type"],
      holder["mimeType"],
      holder["mime_type"],
    );
    if (named !== null) return named;
  }
  return type.replace(/^input_/, "").replace(/_url$/, "");
}

function firstText(...values: readonly (JsonValue | undefined)[]): string | null {
  for (const value of values) if (typeof value === "string" && value !== "") return value;
  return null;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
