/*
 * What model SDKs stream. Each shape knows the text of one chunk and the message that chunks add up
 * to. Read as unknown throughout: a chunk may be anything.
 */

type Fields = Readonly<Record<string, unknown>>;

/** Characters of text in a chunk, of whichever shape; 0 for what holds none. */
export function chunkText(chunk: unknown): string {
  if (typeof chunk === "string") return chunk;
  if (!isFields(chunk)) return "";
  const delta = openAiDelta(chunk);
  if (delta !== undefined) return textOf(delta["content"]);
  if (isFields(chunk["delta"])) return textOf(chunk["delta"]["text"]);
  if (chunk["type"] === "text-delta") {
    return textOf(chunk["text"] ?? chunk["textDelta"] ?? chunk["delta"]);
  }
  return "";
}

/**
 * The message that chunks of one shape add up to; undefined where they are of no known shape.
 * Shapes: OpenAI chat completions, Anthropic messages, AI SDK parts.
 */
export function assembleMessage(chunks: readonly unknown[]): unknown {
  const parts = chunks.filter(isFields);
  if (parts.length !== chunks.length) return undefined;
  if (parts.some((part) => openAiDelta(part) !== undefined)) return assembleOpenAi(parts);
  if (parts[0]?.["type"] === "message_start") return assembleAnthropic(parts);
  if (parts.some(({ type }) => type === "text-delta")) return assembleAiSdk(parts);
  return undefined;
}

interface ToolCall {
  id: string;
  type: "function";
  function: { name: string; arguments: string };
}

/** Tool calls come in pieces that say which call they belong to. */
function assembleOpenAi(chunks: readonly Fields[]): unknown {
  let content = "";
  const calls = new Map<unknown, ToolCall>();
  for (const chunk of chunks) {
    const delta = openAiDelta(chunk);
    if (delta === undefined) continue; // the last one holds usage alone
    content += textOf(delta["content"]);
    for (const piece of listOf(delta["tool_calls"])) {
      const index = piece["index"];
      const call = calls.get(index) ?? {
        id: "",
        type: "function",
        function: { name: "", arguments: "" },
      };
      calls.set(index, call);
      call.id ||= textOf(piece["id"]);
      const named = isFields(piece["function"]) ? piece["function"] : {};
      call.function.name ||= textOf(named["name"]);
      call.function.arguments += textOf(named["arguments"]);
    }
  }
  const message = { role: "assistant", content: content === "" ? null : content };
  return calls.size === 0 ? message : { ...message, tool_calls: [...calls.values()] };
}

/** Spec: https://docs.anthropic.com/en/api/messages-streaming */
function assembleAnthropic(events: readonly Fields[]): unknown {
  const blocks = new Map<unknown, Record<string, unknown>>();
  for (const event of events) {
    const index = event["index"];
    if (isFields(event["content_block"])) blocks.set(index, { ...event["content_block"] });
    const block = blocks.get(index);
    const delta = event["delta"];
    if (block === undefined || !isFields(delta)) continue;
    for (const [from, to] of [
      ["text", "text"],
      ["thinking", "thinking"],
      ["partial_json", "input"],
    ] as const) {
      if (typeof delta[from] !== "string") continue;
      const before = block[to];
      block[to] = (typeof before === "string" ? before : "") + delta[from];
    }
  }
  return { role: "assistant", content: [...blocks.values()] };
}

/** Spec: https://ai-sdk.dev/docs/reference/ai-sdk-core/stream-text (fullStream) */
function assembleAiSdk(parts: readonly Fields[]): unknown {
  const content = parts.map(chunkText).join("");
  const calls = parts.filter(({ type }) => type === "tool-call");
  const message = { role: "assistant", content };
  return calls.length === 0 ? message : { ...message, tool_calls: calls };
}

/** Only the first choice: the others are alternatives to it. */
function openAiDelta(chunk: Fields): Fields | undefined {
  const [choice] = listOf(chunk["choices"]);
  return isFields(choice?.["delta"]) ? choice["delta"] : undefined;
}

function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
