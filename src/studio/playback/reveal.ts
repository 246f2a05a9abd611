import type { ChatMessage, ChatPart } from "../conversation/chat-messages";

/** The part of an answer that is there so far. */
export interface Revealed {
  readonly messages: readonly ChatMessage[];
  /** Characters of the last text that are there; null when all of it is. */
  readonly typedLength: number | null;
}

/** All words of an answer together, in UTF-16 units. */
export function spokenLength(messages: readonly ChatMessage[]): number {
  let length = 0;
  for (const { parts } of messages) {
    for (const part of parts) if (part.kind === "text") length += part.text.length;
  }
  return length;
}

/**
 * What is there of an answer after so many characters of its words. What is no text, such as a tool
 * call, is there as soon as the text before it is complete. No text is cut here, however long it is.
 */
export function reveal(messages: readonly ChatMessage[], length: number): Revealed {
  const shown: ChatMessage[] = [];
  let rest = length;
  for (const message of messages) {
    const parts: ChatPart[] = [];
    for (const part of message.parts) {
      if (part.kind !== "text") {
        parts.push(part);
        continue;
      }
      if (rest > 0) parts.push(part);
      if (rest < part.text.length) {
        if (parts.length > 0) shown.push({ ...message, parts });
        return { messages: shown, typedLength: rest > 0 ? rest : null };
      }
      rest -= part.text.length;
    }
    shown.push(parts.length === message.parts.length ? message : { ...message, parts });
  }
  return { messages: shown, typedLength: null };
}
