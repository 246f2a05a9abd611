import type { JsonObject, JsonValue } from "../api/types";
import { chatParts, textParts, toolCallsOf } from "./chat-parts";
import { isJsonArray } from "./json-text";
import type { MediaView } from "./media-text";

export type ChatRole = "system" | "user" | "assistant" | "tool";

export type ChatPart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "reasoning"; readonly text: string }
  | {
      readonly kind: "tool-call";
      readonly id: string | null;
      readonly name: string;
      readonly arguments: JsonValue;
    }
  | {
      readonly kind: "tool-result";
      readonly id: string | null;
      readonly name: string | null;
      readonly content: JsonValue;
    }
  /** An image, a sound or a file; named only where its content is not here. */
  | { readonly kind: "media"; readonly label: string; readonly media: MediaView | null }
  /** Content that no rule here reads. */
  | { readonly kind: "json"; readonly value: JsonValue }
  /** What stood beside the text in an object such as `{ question, locale }`. */
  | { readonly kind: "fields"; readonly value: JsonObject };

export interface ChatMessage {
  readonly role: ChatRole;
  /** The participant's or the tool's name, where the message carries one. */
  readonly name: string | null;
  readonly parts: readonly ChatPart[];
}

/** Whose words a bare text is: an input is the user's, an output the assistant's. */
export type Direction = "input" | "output";

/** Objects round objects round a text; deeper is not chat. */
const MAX_WRAPPERS = 6;

const ROLES: ReadonlyMap<string, ChatRole> = new Map(
  Object.entries<ChatRole>({
    system: "system",
    developer: "system",
    user: "user",
    human: "user",
    assistant: "assistant",
    ai: "assistant",
    model: "assistant",
    bot: "assistant",
    tool: "tool",
    function: "tool",
  }),
);

/** Fields that hold lists of messages, in the order they are looked for. */
const LIST_KEYS = ["messages", "choices", "candidates", "generations", "contents"] as const;

/** Fields that hold what was said, most telling first. */
const TEXT_KEYS: Readonly<Record<Direction, readonly string[]>> = {
  input: [
    "question",
    "query",
    "message",
    "userMessage",
    "user_message",
    "input",
    "prompt",
    "text",
    "content",
    "body",
    "args",
  ],
  output: [
    "answer",
    "reply",
    "response",
    "output",
    "output_text",
    "message",
    "completion",
    "content",
    "text",
    "result",
  ],
};

/**
 * Reads an input or output as chat: OpenAI (chat and responses), Anthropic, Gemini, AI SDK,
 * LangChain and OpenTelemetry GenAI messages, bare strings, and objects with a text under a telling
 * name. Null when it is none of these and is to be shown as JSON. Total: returns for any JSON, of
 * any depth.
 */
export function chatMessages(
  value: JsonValue,
  direction: Direction,
): readonly ChatMessage[] | null {
  const messages = read(value, direction, MAX_WRAPPERS);
  return messages === null ? null : withResultNames(messages);
}

/** Calls the result of a tool by the tool's name where only the id of the call stands at it. */
function withResultNames(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  const names = new Map<string, string>();
  for (const { parts } of messages) {
    for (const part of parts) {
      if (part.kind === "tool-call" && part.id !== null) names.set(part.id, part.name);
    }
  }
  if (names.size === 0) return messages;
  const named = (part: ChatPart): ChatPart => {
    if (part.kind !== "tool-result" || part.name !== null || part.id === null) return part;
    return { ...part, name: names.get(part.id) ?? null };
  };
  return messages.map((message) => ({ ...message, parts: message.parts.map(named) }));
}

function read(value: JsonValue, direction: Direction, depth: number): ChatMessage[] | null {
  if (depth === 0) return null;
  if (typeof value === "string") return value === "" ? null : [bareText(value, direction)];
  if (value === null || typeof value !== "object") return null;
  if (isJsonArray(value)) return readList(value, direction, depth);
  const message = readMessage(value);
  return message === null ? readObject(value, direction, depth) : [message];
}

function bareText(text: string, direction: Direction): ChatMessage {
  return { role: bareRole(direction), name: null, parts: textParts(text) };
}

function bareRole(direction: Direction): ChatRole {
  return direction === "input" ? "user" : "assistant";
}

function readList(
  items: readonly JsonValue[],
  direction: Direction,
  depth: number,
): ChatMessage[] | null {
  const first = items[0];
  if (first === undefined) return null;
  const messages: ChatMessage[] = [];
  for (const item of items) {
    const message = isObject(item) ? readMessage(item) : null;
    if (message === null) break;
    messages.push(message);
  }
  if (messages.length === items.length) return messages;
  // The arguments of a function with one parameter, or LangChain's list of lists.
  if (items.length === 1) return read(first, direction, depth - 1);
  const parts = chatParts(items);
  const areParts = parts.every((part) => part.kind !== "json") && items.every(isObject);
  return areParts ? [{ role: bareRole(direction), name: null, parts }] : null;
}

/** One message of any dialect, or null when the object is not a message. */
function readMessage(value: JsonObject): ChatMessage | null {
  const langChain = readLangChain(value);
  if (langChain !== null) return langChain;
  const type = text(value["type"]);
  const role = ROLES.get(text(value["role"]) ?? "") ?? (type === null ? undefined : itemRole(type));
  if (role === undefined) return null;
  const name = text(value["name"]);
  if (role === "tool" && value["role"] !== undefined && value["parts"] === undefined) {
    const result = toolResult(value, name);
    if (result !== null) return { role, name, parts: [result] };
  }
  const isItem = value["role"] === undefined && value["content"] === undefined;
  const parts = isItem
    ? chatParts([value])
    : [...chatParts(value["content"] ?? value["parts"] ?? null), ...toolCallsOf(value)];
  const isToolAnswer = parts.length > 0 && parts.every((part) => part.kind === "tool-result");
  return { role: isToolAnswer ? "tool" : role, name, parts };
}

function toolResult(value: JsonObject, name: string | null): ChatPart | null {
  const content = value["content"];
  if (content === undefined) return null;
  if (isJsonArray(content)) {
    const parts = chatParts(content);
    if (parts.some((part) => part.kind === "tool-result")) return null; // AI SDK: results inside
  }
  const id = text(value["tool_call_id"]) ?? text(value["toolCallId"]) ?? text(value["id"]);
  return { kind: "tool-result", id, name, content };
}

/** Role of an item without `role`: LangChain's `type: "human"`, the responses API's item types. */
function itemRole(type: string): ChatRole | undefined {
  if (type === "function_call" || type === "reasoning") return "assistant";
  if (type === "function_call_output") return "tool";
  return type === "function" || type === "model" ? undefined : ROLES.get(type);
}

/** `{ lc: 1, type: "constructor", id: [..., "HumanMessage"], kwargs: { content } }`. */
function readLangChain(value: JsonObject): ChatMessage | null {
  const { kwargs, id } = value;
  if (value["lc"] === undefined || !isObject(kwargs) || id === undefined) return null;
  const className = isJsonArray(id) ? text(id[id.length - 1]) : null;
  const role = ROLES.get(
    /^(\w+?)Message(?:Chunk)?$/.exec(className ?? "")?.[1]?.toLowerCase() ?? "",
  );
  return role === undefined ? null : readMessage({ ...kwargs, role });
}

function readObject(value: JsonObject, direction: Direction, depth: number): ChatMessage[] | null {
  for (const key of LIST_KEYS) {
    const list = value[key];
    if (list === undefined || !isJsonArray(list)) continue;
    const messages =
      key === "messages" ? read(list, direction, depth - 1) : readChoices(list, depth);
    if (messages !== null) return [...systemOf(value), ...messages];
  }
  for (const key of TEXT_KEYS[direction]) {
    const held = value[key];
    if (held === undefined || held === null) continue;
    const messages = read(held, direction, depth - 1);
    if (messages === null) continue;
    return withFields([...systemOf(value), ...messages], value, key);
  }
  return null;
}

/** The first of the alternatives: `choices[].message`, Gemini's `candidates[].content`, LangChain's `generations[][].text`. */
function readChoices(list: readonly JsonValue[], depth: number): ChatMessage[] | null {
  const first = list[0];
  if (first === undefined) return null;
  if (isObject(first)) {
    for (const key of ["message", "delta", "content", "text"]) {
      const held = first[key];
      const messages =
        isObject(held) && held["role"] === undefined
          ? readMessage({ ...held, role: "assistant" })
          : null;
      if (messages !== null) return [messages];
      if (held !== undefined && held !== null) return read(held, "output", depth - 1);
    }
  }
  const messages = list.map((item) => (isObject(item) ? readMessage(item) : null));
  const known = messages.filter((message) => message !== null);
  return known.length === list.length ? known : read(first, "output", depth - 1);
}

/** The system prompt that some dialects keep beside the messages. */
function systemOf(value: JsonObject): ChatMessage[] {
  const prompt = value["system"] ?? value["instructions"] ?? value["system_instruction"];
  if (prompt === undefined || prompt === null) return [];
  const parts = chatParts(isObject(prompt) ? (prompt["parts"] ?? prompt) : prompt);
  return parts.length === 0 ? [] : [{ role: "system", name: null, parts }];
}

/** Adds what stood beside a plain text, so that nothing captured is out of reach. */
function withFields(messages: ChatMessage[], value: JsonObject, usedKey: string): ChatMessage[] {
  const rest = Object.entries(value).filter(
    ([key, held]) => key !== usedKey && held !== null && !["system", "instructions"].includes(key),
  );
  const last = messages[messages.length - 1];
  if (rest.length === 0 || last === undefined) return messages;
  const fields: ChatPart = { kind: "fields", value: Object.fromEntries(rest) };
  return [...messages.slice(0, -1), { ...last, parts: [...last.parts, fields] }];
}

function text(value: JsonValue | undefined): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
