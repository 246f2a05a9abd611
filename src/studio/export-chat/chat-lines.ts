import type { JsonValue, Turn } from "../api/types";
import { type ChatMessage, type ChatPart, chatMessages } from "../conversation/chat-messages";

/** A message as the APIs for fine-tuning and evaluation take it. */
export interface ExportedMessage {
  readonly role: ChatMessage["role"];
  /** Null in a message that only calls tools. */
  readonly content: string | null;
  readonly name?: string;
  readonly tool_calls?: readonly ExportedToolCall[];
  /** Of the call that a message of role `tool` answers. */
  readonly tool_call_id?: string;
}

export interface ExportedToolCall {
  readonly id: string;
  readonly type: "function";
  readonly function: {
    readonly name: string;
    /** JSON. */
    readonly arguments: string;
  };
}

/**
 * A line `{"messages":[…]}` for each turn that was answered: what was sent, with the system prompt
 * and what was said before where the application captured it, and then the answer. Turns whose input
 * or output cannot be read as chat are left out, and so are reasoning and what stood beside a text.
 */
export function* chatLines(turns: Iterable<Turn>): Generator<string, void> {
  for (const turn of turns) {
    const input = chatMessages(asSaid(turn.input), "input");
    const output = chatMessages(asSaid(turn.output), "output");
    if (input === null || output === null) continue;
    const said = exportedMessages(input);
    const answered = exportedMessages([...input, ...output]).slice(said.length);
    if (said.length === 0 || !answered.some(({ role }) => role === "assistant")) continue;
    yield `${JSON.stringify({ messages: [...said, ...answered] })}\n`;
  }
}

/** A text such as `42` was read as the number it looks like. */
function asSaid(value: JsonValue): JsonValue {
  return typeof value === "number" || typeof value === "boolean" ? String(value) : value;
}

/** Calls without an id, and the results after them, are given one: such files demand it. */
function exportedMessages(messages: readonly ChatMessage[]): readonly ExportedMessage[] {
  const exported: ExportedMessage[] = [];
  /** Ids of calls without an answer yet, oldest first. */
  const open: { readonly id: string; readonly name: string }[] = [];
  let madeCount = 0;
  for (const message of messages) {
    const calls: ExportedToolCall[] = [];
    const results: ExportedMessage[] = [];
    for (const part of message.parts) {
      if (part.kind === "tool-call") {
        const id = part.id ?? `call_${++madeCount}`;
        open.push({ id, name: part.name });
        const given = typeof part.arguments === "string" ? part.arguments : json(part.arguments);
        calls.push({ id, type: "function", function: { name: part.name, arguments: given } });
      } else if (part.kind === "tool-result") {
        const index = open.findIndex(({ id, name }) =>
          part.id === null ? part.name === null || part.name === name : part.id === id,
        );
        const [answered] = index === -1 ? [] : open.splice(index, 1);
        const id = part.id ?? answered?.id ?? `call_${++madeCount}`;
        const content = typeof part.content === "string" ? part.content : json(part.content);
        results.push({ role: "tool", tool_call_id: id, content });
      }
    }
    exported.push(...results);
    const content = contentOf(message.parts);
    if (content === null && calls.length === 0) continue;
    exported.push({
      role: message.role,
      content,
      ...(message.name !== null && { name: message.name }),
      ...(calls.length > 0 && { tool_calls: calls }),
    });
  }
  return exported;
}

/** The words of a message, with a short name in the place of a picture, recording or file. */
function contentOf(parts: readonly ChatPart[]): string | null {
  const texts = parts.flatMap((part): string[] => {
    switch (part.kind) {
      case "text":
        return [part.text];
      case "media":
        return [`[${part.label}]`];
      case "json":
        return [json(part.value)];
      default:
        return [];
    }
  });
  return texts.length === 0 ? null : texts.join("\n\n");
}

function json(value: unknown): string {
  return JSON.stringify(value);
}
